package dev.ringmaster.lb.config;

import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.docker.DockerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.provider.process.ProcessOptions;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.nio.file.Path;
import java.util.List;

/** Everything that can be configured, checked, one part for each package that is configured. */
public record LoadBalancerConfig(
        ListenerOptions listener,
        ForwardingOptions forwarding,
        ProxyOptions proxy,
        BalanceOptions balance,
        UpstreamOptions upstream,
        HealthOptions health,
        LifecycleOptions lifecycle,
        Provider provider,
        AdminOptions admin,
        TelemetryOptions telemetry,
        List<Path> plugins) {
    public LoadBalancerConfig {
        plugins = List.copyOf(plugins);
    }

    /** What runs the replicas. */
    public sealed interface Provider {
        /** Local processes. */
        record LocalProcess(ProcessOptions options) implements Provider {}

        /** Containers. */
        record Docker(DockerOptions options) implements Provider {}

        /** Addresses that somebody else keeps alive. */
        record Fixed(FixedOptions options) implements Provider {}
    }
}
