package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.docker.DockerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.provider.process.ProcessOptions;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {
    @TempDir
    private Path directory;

    @Test
    void defaults_areTheDocumentedOnes() throws Exception {
        assertThat(ConfigReader.read(settings()))
                .isEqualTo(new LoadBalancerConfig(
                        new ListenerOptions("0.0.0.0", 5000, 0, ListenerOptions.Transport.AUTO),
                        new ForwardingOptions(List.of(), "ringmaster", 0),
                        new ProxyOptions(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(3),
                                new ProxyOptions.Retry(64 * 1024, Duration.ZERO, false),
                                new ProxyOptions.Pending(1000, Duration.ofMillis(40)),
                                false),
                        new BalanceOptions(
                                "consistent-hash",
                                new BalanceOptions.HashRing(
                                        "capped-rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                                List.of("random")),
                        new UpstreamOptions(Duration.ofSeconds(1), Duration.ofSeconds(4)),
                        new HealthOptions(
                                "/heartbeat",
                                Duration.ofMillis(500),
                                Duration.ofMillis(500),
                                2,
                                1,
                                new OutlierOptions(
                                        true,
                                        5,
                                        Duration.ofMillis(500),
                                        5,
                                        Duration.ofSeconds(10),
                                        Duration.ofMinutes(5),
                                        50)),
                        new LifecycleOptions(
                                "ringmaster",
                                3,
                                64,
                                0,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10),
                                Path.of(".ringmaster"),
                                false),
                        new LoadBalancerConfig.Provider.LocalProcess(new ProcessOptions(
                                List.of("./bin/ringmaster-server", "--port", "{port}", "--exit-on-stdin-close"))),
                        new AdminOptions("127.0.0.1", 5001, "", List.of(), false, Set.of(), false, true),
                        new TelemetryOptions(TelemetryOptions.AccessLogFormat.NONE),
                        List.of()));
    }

    @Test
    void replicaLimit_ofTheClassicRing_isItsRoom() throws ConfigException {
        ConfigSources sources = new ConfigSources(null, Map.of(), List.of("hash.algorithm=classic"));
        assertThat(ConfigReader.read(sources).lifecycle().replicaLimit()).isEqualTo(512 / 9);
    }

    @Test
    void balanceFactor_ofTheClassicRing_isOffUnlessSet() throws ConfigException {
        assertThat(ConfigReader.read(settings("hash.algorithm=classic"))
                        .balance()
                        .tuning()
                        .balanceFactor())
                .isZero();
        assertThat(ConfigReader.read(settings("hash.algorithm=classic", "hash.balance-factor=1.25"))
                        .balance()
                        .tuning()
                        .balanceFactor())
                .isEqualTo(1.25);
        assertThat(ConfigReader.read(settings("hash.balance-factor=off"))
                        .balance()
                        .tuning()
                        .balanceFactor())
                .isZero();
    }

    @Test
    void hotKeyShare_ofTheClassicRing_isOffUnlessSet() throws ConfigException {
        List<Double> shares = new ArrayList<>();
        for (String setting : List.of("hash.hot-key-share=0.05", "port=0")) {
            shares.add(ConfigReader.read(settings("hash.algorithm=classic", setting))
                    .balance()
                    .tuning()
                    .hotKeyShare());
        }
        shares.add(ConfigReader.read(settings("hash.hot-key-share=off"))
                .balance()
                .tuning()
                .hotKeyShare());
        assertThat(shares).containsExactly(0.05, 0.0, 0.0);
    }

    /** A value for every key, none of them the default. */
    private Map<String, String> everything() throws IOException {
        Path jar = Files.createFile(directory.resolve("own.jar"));
        Path secret = Files.writeString(directory.resolve("secret"), " s3cret!\n");
        Map<String, String> all = new HashMap<>();
        all.putAll(
                Map.of("bind", "::1", "port", "0", "threads", "2", "transport", "io_uring", "admin.bind", "localhost"));
        all.putAll(Map.of(
                "admin.port", "7001", "admin.token-file", secret.toString(), "admin.allow", "10.0.0.0/8, gateway,::1"));
        all.putAll(Map.of("admin.hosts", "LB.example,b.example", "admin.rm-overflow", "clamp"));
        all.putAll(Map.of("admin.classic-paths", "false", "pool", "blue.1", "replicas", "2", "replica-limit", "9"));
        all.putAll(Map.of("provider", "fixed", "provider-fixed.addresses", "h1:80,[::1]:81"));
        all.putAll(Map.of("shutdown.replicas", "keep", "state.dir", "/var/lib/r", "plugins", jar.toString()));
        all.putAll(Map.of("policy", "my-own", "hash.algorithm", "classic", "hash.function", "mine"));
        all.putAll(Map.of("hash.key", "header:X-User,cookie:sid,query:u[],random", "hash.ring-size", "1024"));
        all.putAll(Map.of("hash.virtual-nodes", "12", "hash.probing", "quadratic", "hash.classic-ids", "literal"));
        all.putAll(Map.of("hash.balance-factor", "1.5", "power-of-d.choices", "3"));
        all.put("route-header", "true");
        all.putAll(Map.of("hash.hot-key-share", "0.75", "slow-start", "30s"));
        all.putAll(Map.of("sticky.cookie", "seat", "sticky.secret", "s", "sticky.otherwise", "random"));
        all.putAll(Map.of("health.path", "/up?x", "health.interval", "1s", "health.timeout", "2m"));
        all.putAll(Map.of("health.fall", "3", "health.rise", "4", "health.replace-after", "0s"));
        all.putAll(Map.of("outlier.enabled", "false", "outlier.consecutive-failures", "6", "outlier.interval", "2s"));
        all.putAll(Map.of("outlier.latency-factor", "off", "outlier.base-ejection", "3s"));
        all.putAll(Map.of("outlier.max-ejection", "4s", "outlier.max-share", "30"));
        all.putAll(Map.of("drain.timeout", "24h", "proxy.connect-timeout", "7ms", "proxy.response-timeout", "8s"));
        all.putAll(Map.of("proxy.wait-for-replica", "9s", "proxy.max-body", "10MB", "proxy.trusted", "fd00::/8"));
        all.putAll(Map.of("proxy.via", "edge", "proxy.translate-not-found", "true", "retry.body-buffer", "1MiB"));
        all.putAll(Map.of("access-log", "json", "spares", "4"));
        all.putAll(Map.of("retry.try-timeout", "700ms", "retry.hedge", "true", "limit.in-flight", "77"));
        all.putAll(Map.of("limit.pending", "0", "limit.pending-wait", "1s"));
        return all;
    }

    private LoadBalancerConfig everythingRead() {
        return new LoadBalancerConfig(
                new ListenerOptions("::1", 0, 2, ListenerOptions.Transport.IO_URING),
                new ForwardingOptions(List.of(Cidr.parse("fd00::/8")), "edge", 10_000_000),
                new ProxyOptions(
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        new ProxyOptions.Retry(1 << 20, Duration.ofMillis(700), true),
                        new ProxyOptions.Pending(0, Duration.ofSeconds(1)),
                        true),
                new BalanceOptions(
                        "my-own",
                        new BalanceOptions.HashRing("classic", "mine", 1024, 12, "quadratic", "literal"),
                        List.of("header:X-User", "cookie:sid", "query:u[]", "random"),
                        new BalanceOptions.Tuning(
                                1.5,
                                3,
                                new BalanceOptions.Sticky("seat", "s", "random"),
                                77,
                                true,
                                0.75,
                                Duration.ofSeconds(30))),
                new UpstreamOptions(Duration.ofMillis(7), Duration.ofSeconds(4)),
                new HealthOptions(
                        "/up?x",
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        3,
                        4,
                        new OutlierOptions(
                                false, 6, Duration.ofSeconds(2), 0, Duration.ofSeconds(3), Duration.ofSeconds(4), 30)),
                new LifecycleOptions(
                        "blue.1", 2, 9, 4, Duration.ZERO, Duration.ofHours(24), Path.of("/var/lib/r"), true),
                new LoadBalancerConfig.Provider.Fixed(
                        new FixedOptions(List.of(HostAndPort.fromString("h1:80"), HostAndPort.fromString("[::1]:81")))),
                new AdminOptions(
                        "localhost",
                        7001,
                        "s3cret!",
                        List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("::1")),
                        true,
                        Set.of("lb.example", "b.example"),
                        true,
                        false),
                new TelemetryOptions(TelemetryOptions.AccessLogFormat.JSON),
                List.of(directory.resolve("own.jar")));
    }

    @Test
    void dockerKeys_fromTheCommandLine_areMapped() throws Exception {
        assertThat(ConfigReader.read(settings("provider=docker")).provider())
                .isEqualTo(new LoadBalancerConfig.Provider.Docker(new DockerOptions(
                        "ringmaster-server",
                        "net1",
                        Path.of("/var/run/docker.sock"),
                        Path.of(""),
                        5000,
                        List.of(),
                        List.of(),
                        128 << 20,
                        128)));
        assertThat(ConfigReader.read(settings(
                                "provider=docker",
                                "provider-docker.image=registry:5000/web@sha256:0a",
                                "provider-docker.network=blue",
                                "provider-docker.socket=/run/d.sock",
                                "provider-docker.agent=/run/a.sock",
                                "provider-docker.port=80",
                                "provider-docker.env=A=1,B_2=x y=z",
                                "provider-docker.command=serve 'a b'",
                                "provider-docker.memory=0",
                                "provider-docker.pids=7"))
                        .provider())
                .isEqualTo(new LoadBalancerConfig.Provider.Docker(new DockerOptions(
                        "registry:5000/web@sha256:0a",
                        "blue",
                        Path.of("/run/d.sock"),
                        Path.of("/run/a.sock"),
                        80,
                        List.of("A=1", "B_2=x y=z"),
                        List.of("serve", "a b"),
                        0,
                        7)));
    }

    @Test
    void everyKey_fromTheCommandLine_isMapped() throws Exception {
        Map<String, String> all = everything();
        Set<String> others = Set.of("admin.token", "provider-process.command");
        assertThat(ConfigKeys.all().stream()
                        .map(ConfigKey::name)
                        .filter(name -> !others.contains(name) && !name.startsWith("provider-docker.")))
                .containsExactlyInAnyOrderElementsOf(all.keySet());
        ConfigKeys.all().forEach(key -> assertThat(key.defaultValue()).isNotEqualTo(all.get(key.name())));

        assertThat(ConfigReader.read(settings(all.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toArray(String[]::new))))
                .isEqualTo(everythingRead());
    }

    @Test
    void everyKey_fromTheEnvironment_isMapped() throws Exception {
        Map<String, String> environment = everything().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> "RINGMASTER_"
                                + entry.getKey()
                                        .toUpperCase(Locale.ROOT)
                                        .replace('.', '_')
                                        .replace('-', '_'),
                        Map.Entry::getValue));

        assertThat(ConfigReader.read(new ConfigSources(null, environment, List.of())))
                .isEqualTo(everythingRead());
    }

    @Test
    void everyKey_fromAFlatFile_isMapped() throws Exception {
        String yaml = everything().entrySet().stream()
                .map(entry -> entry.getKey() + ": '" + entry.getValue() + "'\n")
                .collect(Collectors.joining());

        assertThat(ConfigReader.read(file(yaml))).isEqualTo(everythingRead());
    }

    @Test
    void file_nestedAndWithLists_isTheSameAsFlat() throws Exception {
        LoadBalancerConfig config = ConfigReader.read(file("""
                # comment
                port: 8080
                health:
                  interval: 1s
                  fall: 3
                admin: {allow: [10.0.0.0/8, gateway], rm-overflow: clamp}
                hash.key:
                  - header:X-User
                  - random
                proxy.translate-not-found: true
                provider-process.command: /opt/server --name 'a b' --port={port}
                proxy.trusted: []
                plugins:
                """));

        assertThat(config.listener().port()).isEqualTo(8080);
        assertThat(config.health().interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.health().fall()).isEqualTo(3);
        assertThat(config.admin().allow()).containsExactly(Cidr.parse("10.0.0.0/8"));
        assertThat(config.admin().allowGateway()).isTrue();
        assertThat(config.admin().clampRemoval()).isTrue();
        assertThat(config.balance().key()).containsExactly("header:X-User", "random");
        assertThat(config.proxy().translateNotFound()).isTrue();
        assertThat(config.provider())
                .isEqualTo(new LoadBalancerConfig.Provider.LocalProcess(
                        new ProcessOptions(List.of("/opt/server", "--name", "a b", "--port={port}"))));
    }

    @Test
    void file_thatIsEmpty_givesTheDefaults() throws Exception {
        assertThat(ConfigReader.read(file("# nothing\n"))).isEqualTo(ConfigReader.read(settings()));
        assertThat(ConfigReader.read(file(""))).isEqualTo(ConfigReader.read(settings()));
    }

    @Test
    void sources_overlayEachOther_inRisingPrecedence() throws Exception {
        Path yaml = Files.writeString(directory.resolve("c.yaml"), "port: 1\nreplicas: 1\nthreads: 1\n");
        Map<String, String> environment =
                Map.of("RINGMASTER_REPLICAS", "2", "RINGMASTER_THREADS", "2", "RINGMASTER_PORT", " ", "PORT", "9");

        LoadBalancerConfig config =
                ConfigReader.read(new ConfigSources(yaml, environment, List.of("threads=3", "admin.port = 4")));

        assertThat(config.listener().port()).isEqualTo(1);
        assertThat(config.lifecycle().replicas()).isEqualTo(2);
        assertThat(config.listener().threads()).isEqualTo(3);
        assertThat(config.admin().port()).isEqualTo(4);
    }

    @Test
    void home_inTheCommand_isTheInstallation() throws Exception {
        System.setProperty("ringmaster.home", "/opt/ring master");
        try {
            assertThat(ConfigReader.read(settings()).provider())
                    .isEqualTo(new LoadBalancerConfig.Provider.LocalProcess(new ProcessOptions(List.of(
                            "/opt/ring master/bin/ringmaster-server", "--port", "{port}", "--exit-on-stdin-close"))));
        } finally {
            System.clearProperty("ringmaster.home");
        }
    }

    @Test
    void providerFixed_withoutReplicas_takesAllAddresses() throws Exception {
        ConfigSources sources = settings("provider=fixed", "provider-fixed.addresses=a:1,b:2");

        assertThat(ConfigReader.read(sources).lifecycle().replicas()).isEqualTo(2);
        assertThat(ConfigReader.effective(sources)).containsEntry("replicas", "2");
    }

    @Test
    void effective_hasEveryKeyInOrder() throws Exception {
        assertThat(ConfigReader.effective(settings("port=1")))
                .containsEntry("port", "1")
                .containsEntry("health.interval", "500ms")
                .hasSameSizeAs(ConfigKeys.all())
                .isInstanceOf(TreeMap.class);
    }

    private static ConfigSources settings(String... settings) {
        return new ConfigSources(null, Map.of(), List.of(settings));
    }

    private ConfigSources file(String yaml) throws IOException {
        return new ConfigSources(Files.writeString(directory.resolve("c.yaml"), yaml), Map.of(), List.of());
    }
}
