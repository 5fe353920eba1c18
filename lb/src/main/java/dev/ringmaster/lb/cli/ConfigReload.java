package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration anew and hands it to the running balancer; a wrong one changes nothing. One thread. */
final class ConfigReload implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

    private final Source source;
    private final Function<LoadBalancerConfig, List<String>> apply;
    private LoadBalancerConfig current;

    /** Where a configuration comes from. */
    @FunctionalInterface
    interface Source {
        LoadBalancerConfig read() throws ConfigException;
    }

    /** @param apply takes a new configuration into use; returns the changed keys that wait for a restart */
    ConfigReload(LoadBalancerConfig current, Source source, Function<LoadBalancerConfig, List<String>> apply) {
        this.current = current;
        this.source = source;
        this.apply = apply;
    }

    @Override
    public void run() {
        try {
            LoadBalancerConfig next = source.read();
            List<String> changed = EffectiveConfig.changes(current, next);
            List<String> restart = apply.apply(next);
            current = next;
            LOG.info("configuration reloaded changed={} needs-restart={}", changed, restart);
        } catch (ConfigException wrong) {
            LOG.error("configuration kept, the new one is wrong problems={}", wrong.problems());
        }
    }
}
