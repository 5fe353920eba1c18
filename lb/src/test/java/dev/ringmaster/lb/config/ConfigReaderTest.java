package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.provider.process.ProcessOptions;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {
    @TempDir
    private Path directory;

    @Test
    void defaults_areTheDocumentedOnes() throws Exception {
        assertThat(ConfigReader.read(settings()))
                .isEqualTo(new LoadBalancerConfig(
                        new ListenerOptions("0.0.0.0", 5000, 0, ListenerOptions.Transport.AUTO),
                        new ForwardingOptions(List.of(), "ringmaster", 0),
                        new ProxyOptions(Duration.ofSeconds(60), Duration.ofSeconds(3), 64 * 1024, false),
                        new BalanceOptions(
                                "consistent-hash",
                                new BalanceOptions.HashRing(
                                        "capped-rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                                List.of("random")),
                        new UpstreamOptions(Duration.ofSeconds(1), Duration.ofSeconds(4)),
                        new HealthOptions("/heartbeat", Duration.ofMillis(500), Duration.ofMillis(500), 2, 1),
                        new LifecycleOptions(
                                "ringmaster",
                                3,
                                64,
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
        all.putAll(Map.of("health.path", "/up?x", "health.interval", "1s", "health.timeout", "2m"));
        all.putAll(Map.of("health.fall", "3", "health.rise", "4", "health.replace-after", "0s"));
        all.putAll(Map.of("drain.timeout", "24h", "proxy.connect-timeout", "7ms", "proxy.response-timeout", "8s"));
        all.putAll(Map.of("proxy.wait-for-replica", "9s", "proxy.max-body", "10MB", "proxy.trusted", "fd00::/8"));
        all.putAll(Map.of("proxy.via", "edge", "proxy.translate-not-found", "true", "retry.body-buffer", "1MiB"));
        all.putAll(Map.of("access-log", "json"));
        return all;
    }

    private LoadBalancerConfig everythingRead() {
        return new LoadBalancerConfig(
                new ListenerOptions("::1", 0, 2, ListenerOptions.Transport.IO_URING),
                new ForwardingOptions(List.of(Cidr.parse("fd00::/8")), "edge", 10_000_000),
                new ProxyOptions(Duration.ofSeconds(8), Duration.ofSeconds(9), 1 << 20, true),
                new BalanceOptions(
                        "my-own",
                        new BalanceOptions.HashRing("classic", "mine", 1024, 12, "quadratic", "literal"),
                        List.of("header:X-User", "cookie:sid", "query:u[]", "random")),
                new UpstreamOptions(Duration.ofMillis(7), Duration.ofSeconds(4)),
                new HealthOptions("/up?x", Duration.ofSeconds(1), Duration.ofMinutes(2), 3, 4),
                new LifecycleOptions("blue.1", 2, 9, Duration.ZERO, Duration.ofHours(24), Path.of("/var/lib/r"), true),
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
    void everyKey_fromTheCommandLine_isMapped() throws Exception {
        Map<String, String> all = everything();
        Set<String> others = Set.of("admin.token", "provider-process.command");
        assertThat(ConfigKeys.all().stream().map(ConfigKey::name).filter(name -> !others.contains(name)))
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
    void problems_ofAllSources_areReportedAtOnce() throws Exception {
        Path yaml = Files.writeString(directory.resolve("c.yaml"), "helth.interval: 1s\nport: 70000\n");
        Map<String, String> environment =
                Map.of("RINGMASTER_HEALTH_INTERVAL", "5x", "RINGMASTER_REPLICA", "2", "RINGMASTER_JAVA_OPTS", "-Xmx1g");
        List<String> settings = List.of("threads", "policy=", "zzzzzzzzzzzzzzz=1", "replicas=65", "health.rise=0");

        assertThat(problems(new ConfigSources(yaml, environment, settings)))
                .containsExactlyInAnyOrder(
                        "'helth.interval' from file is no known key; did you mean health.interval?",
                        "port: '70000' from file is not a whole number from 0 to 65535",
                        "health.interval: '5x' from environment is not a duration such as 500ms, 2s, 1m,"
                                + " above 0 and at most 24h",
                        "'RINGMASTER_REPLICA' from environment is no known variable;"
                                + " did you mean RINGMASTER_REPLICAS?",
                        "'threads' from command line is not key=value",
                        "policy: '' from command line is not consistent-hash, round-robin, least-connections,"
                                + " random or the name of your own",
                        "'zzzzzzzzzzzzzzz' from command line is no known key",
                        "health.rise: '0' from command line is not a whole number from 1 to 1000",
                        "replicas: 65 are more than replica-limit 64 allows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bind | 300.1.1.1
            bind | a b
            bind | ''
            port | -1
            port | 1e3
            port | ٣
            port | 99999999999999999999
            threads | 1025
            transport | AUTO
            transport | kqueue
            admin.allow | 10.0.0.0/33
            admin.allow | gatewayx
            admin.allow | gateway,,10.0.0.1
            admin.hosts | a/b
            admin.rm-overflow | maybe
            admin.classic-paths | yes
            pool | -x
            replica-limit | 0
            provider | docker
            provider | swarm
            provider-process.command | a 'b
            provider-process.command | ''
            provider-process.command | "" x
            provider-fixed.addresses | a
            provider-fixed.addresses | a:0
            provider-fixed.addresses | a:70000
            provider-fixed.addresses | a b:80
            shutdown.replicas | stay
            state.dir | ''
            plugins | /no/such.jar
            policy | a b
            hash.algorithm | Classic
            hash.key | ''
            hash.key | header:
            hash.key | header:a b
            hash.key | random,path
            hash.key | random,random
            hash.key | cookie
            hash.key | path:x
            hash.ring-size | 0
            hash.ring-size | 4097
            hash.probing | cubic
            hash.classic-ids | odd
            health.path | heartbeat
            health.path | /a b
            health.interval | 0s
            health.interval | 5
            health.interval | -5s
            health.interval | 1.5s
            health.interval | 25h
            health.timeout | 0ms
            health.fall | 0
            health.replace-after | 5 s
            drain.timeout | 9999999999s
            proxy.max-body | 10kb
            proxy.max-body | -1
            proxy.max-body | 999999999999999999GiB
            proxy.trusted | gateway
            proxy.trusted | localhost
            proxy.via | a b
            retry.body-buffer | 65MiB
            access-log | apache
            """)
    void value_thatIsWrong_isTheOneProblemAndNamed(String key, String value) {
        assertThat(problems(settings(key + "=" + value)))
                .singleElement()
                .asString()
                .startsWith(key + ": '" + value + "' from command line is not ");
    }

    @Test
    void keys_thatAreNotOfThisVersion_areUnknown() {
        assertThat(problems(settings("hash.balance-factor=1.25", "provider-docker.image=x", "=")))
                .containsExactly(
                        "'hash.balance-factor' from command line is no known key",
                        "'provider-docker.image' from command line is no known key",
                        "'' from command line is no known key");
    }

    @Test
    void virtualNodes_beyondTheRing_areAProblem() {
        assertThat(problems(settings("hash.virtual-nodes=513")))
                .containsExactly("hash.virtual-nodes: 513 are more than the 512 positions of hash.ring-size");
    }

    @Test
    void token_namedTwiceOrUnreadable_isAProblemThatDoesNotShowIt() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "abc");
        Path empty = Files.writeString(directory.resolve("empty"), " \n");
        Path blanks = Files.writeString(directory.resolve("blanks"), "a b");

        assertThat(problems(settings("admin.token=x", "admin.token-file=" + secret)))
                .containsExactly("admin.token and admin.token-file are both set: one of them is to go");
        for (String file : List.of(empty.toString(), blanks.toString(), directory.toString(), "/no/such")) {
            assertThat(problems(settings("admin.token-file=" + file)))
                    .containsExactly("admin.token-file: '" + file
                            + "' from command line is not a readable file with a secret of visible ASCII"
                            + " characters in it");
        }
        assertThat(problems(settings("admin.token=top secret")))
                .singleElement()
                .asString()
                .contains("'***'")
                .doesNotContain("secret'");
        assertThat(ConfigReader.effective(settings("admin.token=abc"))).containsEntry("admin.token", "***");
        assertThat(ConfigReader.read(settings("admin.token=abc")).toString()).doesNotContain("abc");
    }

    @Test
    void providerFixed_withAddressesThatDoNotFit_isAProblem() {
        assertThat(problems(settings("provider=fixed")))
                .containsExactly("provider-fixed.addresses: must name at least one host:port for provider fixed");
        assertThat(problems(settings("provider=fixed", "provider-fixed.addresses=a:1,a:1")))
                .containsExactly("provider-fixed.addresses: an address stands twice");
        assertThat(problems(settings("provider=fixed", "provider-fixed.addresses=a:1", "replicas=2")))
                .containsExactly("replicas: 2 are more than the 1 provider-fixed.addresses");
    }

    @Test
    void commandLine_withAKeyTwice_isAProblem() {
        assertThat(problems(settings("port=1", "port=2"))).containsExactly("port stands twice on the command line");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "port: 1\nport: 2\n"                           | port stands twice in the file
            "health: {fall: 1}\nhealth.fall: 2\n"          | health.fall stands twice in the file
            "health: {fall: 1}\nhealth: {rise: 2}\n"       | health stands twice in the file
            "- port\n"                                     | the file is not a map of keys to values
            "port\n"                                       | the file is not a map of keys to values
            "port: 1\n---\nport: 2\n"                      | the file holds more than one document
            "port: &a 1\nreplicas: *a\n"                   | replicas in the file is not a plain value
            "hash.key: [{a: b}]\n"                         | hash.key in the file is not a plain value
            "port: [1]\n"                                  | port: the list '1' from file is not a whole number
            "port: [1\n"                                   | line
            "port: 1\n\tx: 2\n"                            | line
            "port: '\n"                                    | line
            "? [a]\n: 1\n"                                 | file
            "port: ~\n"                                    | port: '' from file is not a whole number
            "1: 2\n"                                       | '1' from file is no known key
            "health:\n  - fall: 2\n"                       | health in the file is not a plain value
            """)
    void file_thatIsNoFlatMap_isAProblem(String yaml, String problem) throws Exception {
        assertThat(problems(file(yaml.replace("\\n", "\n").replace("\\t", "\t"))))
                .anySatisfy(found -> assertThat(found).contains(problem));
    }

    @Test
    void file_thatCannotBeRead_isAProblem() throws Exception {
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});

        assertThat(problems(new ConfigSources(directory.resolve("none"), Map.of(), List.of())))
                .singleElement()
                .asString()
                .contains("none")
                .contains("cannot be read");
        assertThat(problems(new ConfigSources(binary, Map.of(), List.of()))).hasSize(1);
    }

    @Test
    void effective_hasEveryKeyInOrder() throws Exception {
        assertThat(ConfigReader.effective(settings("port=1")))
                .containsEntry("port", "1")
                .containsEntry("health.interval", "500ms")
                .hasSameSizeAs(ConfigKeys.all())
                .isInstanceOf(TreeMap.class);
    }

    private static List<String> problems(ConfigSources sources) {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(sources));
        assertThat(thrown).isNotNull();
        assertThat(thrown).hasMessage(String.join("\n", thrown.problems()));
        return thrown.problems();
    }

    private static ConfigSources settings(String... settings) {
        return new ConfigSources(null, Map.of(), List.of(settings));
    }

    private ConfigSources file(String yaml) throws IOException {
        return new ConfigSources(Files.writeString(directory.resolve("c.yaml"), yaml), Map.of(), List.of());
    }
}
