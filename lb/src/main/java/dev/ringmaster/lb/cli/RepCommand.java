package dev.ringmaster.lb.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints the host names of the managed replicas. */
@Command(name = "rep", description = "Prints the host names of the managed replicas, one a line.")
final class RepCommand implements Runnable {
    private final Surroundings surroundings;

    @Mixin
    private Target target = new Target();

    RepCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        new AdminCall(surroundings, target).show();
    }
}
