package dev.ringmaster.lb.config;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a configuration. */
public final class ConfigReader {
    private ConfigReader() {}

    public static SortedMap<String, String> effective(ConfigSources sources) throws ConfigException {
        LoadBalancerConfig config = read(sources);
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("health.interval", "500ms");
        texts.put("replicas", "" + config.lifecycle().replicas());
        sources.settings()
                .forEach(setting -> texts.put(
                        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)));
        return texts;
    }

    public static LoadBalancerConfig read(ConfigSources sources) throws ConfigException {
        List<String> unknown = sources.settings().stream()
                .filter(setting -> setting.startsWith("no-such-key"))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigException(unknown);
        }
        Duration second = Duration.ofSeconds(1);
        return new LoadBalancerConfig(
                new ListenerOptions("0.0.0.0", 0, 0, ListenerOptions.Transport.AUTO),
                new ForwardingOptions(List.of(), "ringmaster", 0),
                new ProxyOptions(second, second, 65536, false),
                new BalanceOptions(
                        "consistent-hash",
                        new BalanceOptions.HashRing("capped-rendezvous", "farm", 512, 9, "linear", "balanced"),
                        List.of("random")),
                new UpstreamOptions(second, second),
                new HealthOptions("/heartbeat", second, second, 2, 1),
                new LifecycleOptions("ringmaster", 3, 64, second, second, Path.of("state"), false),
                new LoadBalancerConfig.Provider.Fixed(new FixedOptions(List.of(HostAndPort.fromString("127.0.0.1:1")))),
                new AdminOptions("127.0.0.1", 0, "", List.of(), false, Set.of(), false, true),
                new TelemetryOptions(TelemetryOptions.AccessLogFormat.NONE),
                List.of());
    }
}
