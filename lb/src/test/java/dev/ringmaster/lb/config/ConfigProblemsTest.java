package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigProblemsTest {
    @TempDir
    private Path directory;

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
                                + " least-response-time, power-of-d, random, first-available, sticky or the name of your own",
                        "'zzzzzzzzzzzzzzz' from command line is no known key",
                        "health.rise: '0' from command line is not a whole number from 1 to 1000",
                        "replicas: 65 are more than replica-limit 64 allows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bind | 300.1.1.1
            outlier.enabled | yes
            outlier.max-share | 51
            outlier.max-share | 0
            outlier.latency-factor | 1
            outlier.base-ejection | 0s
            outlier.consecutive-failures | 0
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
            provider | swarm
            provider-docker.image | ''
            provider-docker.image | -x
            provider-docker.network | a/b
            provider-docker.socket | ''
            provider-docker.port | 0
            provider-docker.env | A
            provider-docker.env | A=1,=2
            provider-docker.command | a 'b
            provider-docker.memory | -1
            provider-docker.pids | -1
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
            power-of-d.choices | 0
            sticky.cookie | ''
            sticky.cookie | a=b
            sticky.otherwise | sticky
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
            hash.balance-factor | 1
            hash.balance-factor | 0
            hash.balance-factor | 100.1
            hash.balance-factor | -1.25
            hash.balance-factor | ''
            hash.hot-key-share | 0
            hash.hot-key-share | 0.04
            hash.hot-key-share | 10.1
            hash.hot-key-share | on
            slow-start | 30
            slow-start | 25h
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
        assertThat(problems(settings("hash.buckets=5", "=")))
                .containsExactly(
                        "'hash.buckets' from command line is no known key", "'' from command line is no known key");
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
