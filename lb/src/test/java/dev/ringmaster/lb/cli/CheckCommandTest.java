package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckCommandTest {
    @Test
    void check_goodConfiguration_isSilent() {
        assertThat(Program.run("check", "--set", "health.interval=2s")).isEqualTo(new Program(0, "", ""));
    }

    @Test
    void check_print_showsDefaultsAndSettings() {
        Program program = Program.run("check", "--print", "--set", "health.interval=2s");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out().lines()).contains("health.interval: 2s", "replicas: 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "serve"})
    void command_wrongConfiguration_printsEveryProblemOnALine(String command) {
        Program program = Program.run(command, "--set", "no-such-key=1", "--set", "no-such-key-either=2");

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.out()).isEmpty();
        assertThat(program.err().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("ringmaster: "))
                .anyMatch(line -> line.contains("no-such-key-either"));
    }

    @Test
    void check_variablesOfTheLauncher_areNoConfiguration() {
        Map<String, String> environment = Map.of("RINGMASTER_LOG_LEVEL", "DEBUG", "RINGMASTER_JAVA_OPTS", "-Xmx1g");

        assertThat(Program.runWith(environment, "check")).isEqualTo(new Program(0, "", ""));
    }
}
