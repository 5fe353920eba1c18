package dev.ringmaster.lb;

import dev.ringmaster.lb.cli.RingmasterCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program {@code ringmaster}. */
public final class Ringmaster {
    private Ringmaster() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(RingmasterCommand.run(System.getenv(), out, err, arguments));
    }
}
