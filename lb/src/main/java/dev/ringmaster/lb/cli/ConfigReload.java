package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.ConfigKeys;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration anew and hands it to the running balancer; a wrong one changes nothing. One thread. */
final class ConfigReload implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

    private final Source source;
    private final Consumer<LoadBalancerConfig> apply;
    private ConfigOptions.Loaded current;

    /** Where a configuration comes from. */
    @FunctionalInterface
    interface Source {
        ConfigOptions.Loaded read() throws ConfigException;
    }

    /** @param apply takes a new configuration into use as far as a running balancer can */
    ConfigReload(ConfigOptions.Loaded current, Source source, Consumer<LoadBalancerConfig> apply) {
        this.current = current;
        this.source = source;
        this.apply = apply;
    }

    @Override
    public void run() {
        try {
            ConfigOptions.Loaded next = source.read();
            Set<String> changed = changedKeys(current.texts(), next.texts());
            List<String> restart = ConfigKeys.changedNeedingRestart(current.texts(), next.texts());
            apply.accept(next.config());
            current = next;
            LOG.info("configuration reloaded changed={} needs-restart={}", changed, restart);
        } catch (ConfigException wrong) {
            LOG.error("configuration kept, the new one is wrong problems={}", wrong.problems());
        } catch (RuntimeException fault) {
            LOG.error("configuration reload failed, the balancer goes on", fault);
        }
    }

    private static Set<String> changedKeys(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return keys;
    }
}
