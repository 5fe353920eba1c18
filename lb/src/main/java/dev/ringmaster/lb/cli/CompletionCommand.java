package dev.ringmaster.lb.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints what makes a shell complete the program's commands and options. */
@Command(name = "completion", hidden = true, description = "Prints a completion script for bash and zsh.")
final class CompletionCommand implements Runnable {
    private final Surroundings surroundings;

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        surroundings.out().print(AutoComplete.bash("ringmaster", RingmasterCommand.commandLine(surroundings)));
        surroundings.out().flush();
    }
}
