package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingmasterCommandTest {
    @Test
    void program_helpAskedFor_listsCommandsAndExitCodes() {
        Program program = Program.run("--help");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out())
                .contains("serve", "check", "rep", "add", "rm", "load")
                .doesNotContain("completion");
        assertThat(program.out())
                .contains("0   it worked")
                .contains("1   start-up or the operation failed")
                .contains("2   the command line or the configuration is wrong");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "rep", "add", "rm", "load"})
    void command_helpAskedFor_showsUsageAndExitCodes(String command) {
        Program program = Program.run(command, "--help");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out()).startsWith("Usage: ringmaster " + command).contains("Exit codes:");
    }

    @Test
    void program_noCommand_isUsageError() {
        Program program = Program.run();

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).contains("Missing required subcommand").contains("Usage: ringmaster");
        assertThat(program.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dance", "rep --loud", "add", "add many", "load -n few", "load --timeout soon"})
    void program_badArguments_isUsageError(String line) {
        Program program = Program.run(line.split(" "));

        assertThat(program.exitCode()).isEqualTo(2);
        assertThat(program.err()).contains("Usage: ringmaster").doesNotContain("\tat ");
        assertThat(program.out()).isEmpty();
    }

    @Test
    void program_versionAskedFor_printsNameAndVersion() {
        Program program = Program.run("--version");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out()).startsWith("ringmaster ");
    }

    @Test
    void completion_run_printsScriptThatNamesEveryCommand() {
        Program program = Program.run("completion");

        assertThat(program.exitCode()).isZero();
        assertThat(program.out()).startsWith("#!/usr/bin/env bash").contains("serve check rep add rm load");
    }
}
