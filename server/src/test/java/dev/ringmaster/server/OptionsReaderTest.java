package dev.ringmaster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OptionsReaderTest {
    @Test
    void nothingGiven_defaults() {
        ServerOptions options = OptionsReader.read(List.of(), Map.of());

        assertThat(options)
                .isEqualTo(
                        new ServerOptions(options.id(), "0.0.0.0", 5000, Duration.ZERO, Duration.ofSeconds(8), false));
        assertThat(options.id()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void environment_everyVariable_isMapped() {
        Map<String, String> environment = Map.of(
                "SERVER_ID", "S1",
                "SERVER_ID_BRACKETS", "true",
                "SERVER_BIND", "127.0.0.1",
                "SERVER_PORT", "0",
                "SERVER_DELAY", "150ms",
                "SERVER_DRAIN", "1m",
                "SERVER_EXIT_ON_STDIN_CLOSE", "true");

        assertThat(OptionsReader.read(List.of(), environment))
                .isEqualTo(
                        new ServerOptions("[S1]", "127.0.0.1", 0, Duration.ofMillis(150), Duration.ofMinutes(1), true));
    }

    @Test
    void commandLine_everyFlagInBothForms_winsOverEnvironment() {
        Map<String, String> environment = new HashMap<>();
        for (Option option : Option.values()) {
            environment.put(option.variable, "overridden");
        }
        List<String> arguments = List.of(
                "--id",
                "S2",
                "--id-brackets=false",
                "--bind=::1",
                "--port",
                "65535",
                "--delay=2s",
                "--drain",
                "0s",
                "--exit-on-stdin-close");

        assertThat(OptionsReader.read(arguments, environment))
                .isEqualTo(new ServerOptions("S2", "::1", 65_535, Duration.ofSeconds(2), Duration.ZERO, true));
    }

    @Test
    void environment_emptyVariable_countsAsNotSet() {
        assertThat(OptionsReader.read(List.of(), Map.of("SERVER_PORT", "")).port())
                .isEqualTo(5000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot=1 | unknown option '--prot=1' (see --help)",
                "serve | unknown option 'serve' (see --help)",
                "--port | --port needs a value: --port PORT",
                "--port= | --port is '', but must be a number from 0 to 65535",
                "--port=65536 | --port is '65536', but must be a number from 0 to 65535",
                "--port=-1 | --port is '-1', but must be a number from 0 to 65535",
                "--port=1e3 | --port is '1e3', but must be a number from 0 to 65535",
                "--port=99999999999999999999 | --port is '99999999999999999999', but must be a number from 0 to 65535",
                "--id= | --id is '', but must be a text that is not empty",
                "--bind= | --bind is '', but must be a text that is not empty",
                "--id-brackets=yes | --id-brackets is 'yes', but must be true or false",
                "--delay=2 | --delay is '2', but must be a time such as 150ms, 2s or 1m, at most 60m",
                "--delay=s | --delay is 's', but must be a time such as 150ms, 2s or 1m, at most 60m",
                "--delay=-1s | --delay is '-1s', but must be a time such as 150ms, 2s or 1m, at most 60m",
                "--drain=61m | --drain is '61m', but must be a time such as 150ms, 2s or 1m, at most 60m",
            })
    void badArgument_anyKind_isNamedWithExpectation(String argument, String message) {
        assertThatThrownBy(() -> OptionsReader.read(List.of(argument), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void badVariable_isNamedAsVariable() {
        assertThatThrownBy(() -> OptionsReader.read(List.of(), Map.of("SERVER_DELAY", "1h")))
                .hasMessageStartingWith("SERVER_DELAY is '1h', but must be");
    }

    @Test
    void record_valuesOutOfRange_areRefused() {
        Duration second = Duration.ofSeconds(1);

        assertThatThrownBy(() -> new ServerOptions("", "b", 1, second, second, false))
                .hasMessage("id must not be empty");
        assertThatThrownBy(() -> new ServerOptions("i", "", 1, second, second, false))
                .hasMessage("bind must not be empty");
        assertThatThrownBy(() -> new ServerOptions("i", "b", -1, second, second, false))
                .hasMessage("port must be from 0 to 65535");
        assertThatThrownBy(() -> new ServerOptions("i", "b", 1, second.negated(), second, false))
                .hasMessage("delay must be from 0s to 1h");
        assertThatThrownBy(() -> new ServerOptions("i", "b", 1, second, Duration.ofHours(2), false))
                .hasMessage("drain must be from 0s to 1h");
    }

    @Test
    void help_namesEveryFlagAndVariable() {
        for (Option option : Option.values()) {
            assertThat(Option.help()).contains(option.flag, option.variable, option.meaning);
        }
    }
}
