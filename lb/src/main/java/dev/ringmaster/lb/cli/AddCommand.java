package dev.ringmaster.lb.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Adds replicas. */
@Command(name = "add", description = "Adds replicas and prints the host names of all when the new ones serve.")
final class AddCommand implements Runnable {
    private final Surroundings surroundings;

    @Mixin
    private Target target = new Target();

    @Parameters(index = "0", paramLabel = "N", description = "How many to add.")
    private int count;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "HOSTNAME",
            description = "Host names of the new replicas; the rest get random ones.")
    private List<String> hostnames = List.of();

    AddCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        new AdminCall(surroundings, target).change("POST", "/add", count, hostnames);
    }
}
