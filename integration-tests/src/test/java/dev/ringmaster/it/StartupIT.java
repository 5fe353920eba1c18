package dev.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Dist;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not start says so in one clear line and with a code other than zero. */
class StartupIT {
    @TempDir
    private Path dir;

    private Dist.Outcome serve(String... settings) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        for (String free : List.of("port=0", "admin.port=0")) {
            String key = free.substring(0, free.indexOf('=') + 1);
            if (Arrays.stream(settings).noneMatch(setting -> setting.startsWith(key))) {
                arguments.addAll(List.of("--set", free));
            }
        }
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return Dist.run(dir, Map.of(), arguments.toArray(String[]::new));
    }

    private static List<String> complaints(Dist.Outcome outcome) {
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith("ringmaster: "))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            prot=1                              | 2 | did you mean port?
            health.interval=5x                  | 2 | '5x' from command line is not a duration
            port=70000                          | 2 | port: '70000'
            plugins=nowhere.jar                 | 2 | nowhere.jar
            provider=swarm                      | 2 | provider: 'swarm'
            hash.algorithm=md5                  | 2 | hash.algorithm: 'md5'
            policy=nowhere                      | 1 | policy 'nowhere' is none of
            hash.function=nowhere               | 1 | nowhere
            provider-process.command=/no/where  | 1 | /no/where
            shutdown.replicas=keep              | 1 | shutdown.replicas=keep: local replicas end
            provider-process.command=/bin/false | 1 | no replica became healthy
            """)
    void serve_wrongSetting_isOneLine(String setting, int code, String part) throws IOException, InterruptedException {
        Dist.Outcome outcome = serve(setting);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(code);
        assertThat(complaints(outcome)).hasSize(1).first().asString().contains(part);
        assertThat(outcome.err()).doesNotContain("\tat ");
    }

    @Test
    void serve_severalWrongSettings_areAllNamed() throws IOException, InterruptedException {
        Dist.Outcome outcome = serve("prot=1", "health.fall=0", "bind=");
        assertThat(complaints(outcome)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void serve_fixedProviderWithoutAddress_isRefused() throws IOException, InterruptedException {
        assertThat(serve("provider=fixed").code()).isNotZero();
        Dist.Outcome unknown = serve("provider=fixed", "provider-fixed.addresses=no-such-host.invalid:80");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(complaints(unknown)).hasSize(1).first().asString().contains("no-such-host.invalid");
    }

    @Test
    void serve_portTaken_isOneLine() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            Dist.Outcome main = serve("bind=127.0.0.1", "port=" + port);
            assertThat(main.code()).isEqualTo(1);
            assertThat(complaints(main)).hasSize(1).first().asString().contains(port);
            assertThat(complaints(serve("admin.port=" + port)))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(port);
        }
    }

    @Test
    void serve_poolOwned_isOneLine() throws IOException, InterruptedException {
        try (Balancer owner = Balancer.start(dir, Map.of(), "replicas=0")) {
            Dist.Outcome second = serve();
            assertThat(second.code()).isEqualTo(1);
            assertThat(complaints(second)).hasSize(1).first().asString().contains("owned by another balancer");
            assertThat(owner.handle().isAlive()).isTrue();
        }
    }

    @Test
    void serve_stateDirIsAFile_isOneLine() throws IOException, InterruptedException {
        Files.writeString(dir.resolve("file"), "");
        Dist.Outcome outcome = serve("state.dir=file");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(complaints(outcome)).hasSize(1);
    }

    @Test
    void check_shippedConfiguration_isValid() throws IOException, InterruptedException {
        Dist.Outcome outcome = Dist.run(
                dir,
                Map.of(),
                "check",
                "--config",
                Dist.home().resolve("conf/ringmaster.yaml").toString());
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @Test
    void commands_endToEnd_changeThePool() throws IOException, InterruptedException {
        try (Balancer balancer = Balancer.start(dir, Map.of(), "replicas=1")) {
            String url = "http://127.0.0.1:" + balancer.port();
            assertThat(Dist.run(dir, Map.of(), "rep", "--url", url).out()).isEqualTo("S1\n");
            assertThat(Dist.run(dir, Map.of(), "add", "1", "more", "--url", url).out())
                    .isEqualTo("S1\nmore\n");
            assertThat(Dist.run(dir, Map.of(), "rm", "1", "S1", "--url", url).out())
                    .isEqualTo("more\n");
            Dist.Outcome wrong = Dist.run(dir, Map.of(), "rm", "5", "--url", url);
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.err()).contains("Cannot remove more instances than are present");
        }
        assertThat(Dist.run(dir, Map.of(), "--help").out()).contains("serve", "check", "load");
    }

    @Test
    void launcher_throughASymlink_works() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(dir.resolve("rm-link"), Dist.home().resolve("bin/ringmaster"));
        Process process = new ProcessBuilder(link.toString(), "check").start();
        assertThat(process.waitFor()).isZero();
    }
}
