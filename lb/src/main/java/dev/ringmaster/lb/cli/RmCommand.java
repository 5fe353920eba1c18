package dev.ringmaster.lb.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes replicas. */
@Command(name = "rm", description = "Removes replicas and prints the host names of those that stay.")
final class RmCommand implements Runnable {
    private final Surroundings surroundings;

    @Mixin
    private Target target = new Target();

    @Parameters(index = "0", paramLabel = "N", description = "How many to remove.")
    private int count;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "HOSTNAME",
            description = "Host names that must be among them; the rest is chosen at random.")
    private List<String> hostnames = List.of();

    RmCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        new AdminCall(surroundings, target).change("DELETE", "/rm", count, hostnames);
    }
}
