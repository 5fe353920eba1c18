package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.LiveConfig;
import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.ConfigKeys;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration anew and hands it to the running balancer; a wrong one changes nothing. Any thread. */
final class ConfigReload implements Runnable, LiveConfig {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

    private final Source source;
    private final Consumer<LoadBalancerConfig> apply;
    private final SortedMap<String, String> started;
    private SortedMap<String, String> read;
    private SortedMap<String, String> inEffect;
    private Map<String, String> changes = Map.of();

    /** Where a configuration comes from. */
    @FunctionalInterface
    interface Source {
        /** Reads it anew, with {@code changes} above all other settings. */
        ConfigOptions.Loaded read(Map<String, String> changes) throws ConfigException;
    }

    /** @param apply takes a new configuration into use as far as a running balancer can */
    ConfigReload(ConfigOptions.Loaded current, Source source, Consumer<LoadBalancerConfig> apply) {
        this.started = current.texts();
        this.read = started;
        this.inEffect = started;
        this.source = source;
        this.apply = apply;
    }

    @Override
    public synchronized void run() {
        try {
            ConfigOptions.Loaded next = source.read(changes);
            List<String> restart = ConfigKeys.changedNeedingRestart(started, next.texts());
            Set<String> changed = follow(next);
            LOG.info("configuration reloaded changed={} needs-restart={}", changed, restart);
        } catch (ConfigException wrong) {
            LOG.error("configuration kept, the new one is wrong problems={}", wrong.problems());
        } catch (RuntimeException fault) {
            LOG.error("configuration reload failed, the balancer goes on", fault);
        }
    }

    private Set<String> follow(ConfigOptions.Loaded next) {
        apply.accept(next.config());
        Set<String> changed = changedKeys(read, next.texts());
        read = next.texts();
        inEffect = new TreeMap<>(read);
        for (String key : ConfigKeys.changedNeedingRestart(started, read)) {
            inEffect.compute(key, (name, _) -> started.get(name));
        }
        return changed;
    }

    @Override
    public synchronized SortedMap<String, String> texts() {
        return inEffect;
    }

    @Override
    public synchronized void change(Map<String, String> settings) {
        Map<String, String> merged = new TreeMap<>(changes);
        merged.putAll(settings);
        try {
            ConfigOptions.Loaded next = source.read(merged);
            // What the file says by now is not this caller's fault.
            List<String> restart = ConfigKeys.changedNeedingRestart(started, next.texts()).stream()
                    .filter(settings::containsKey)
                    .toList();
            if (!restart.isEmpty()) {
                throw new IllegalArgumentException("Only a restart changes " + String.join(", ", restart));
            }
            Set<String> changed = follow(next);
            changes = merged;
            LOG.info("configuration changed by a call changed={}", changed);
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(String.join("; ", wrong.problems()), wrong);
        }
    }

    private static Set<String> changedKeys(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return keys;
    }
}
