package dev.ringmaster.it.laboratory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the system that the tests need; one that is missing or not permitted fails the test. */
final class Commands {
    private Commands() {}

    /** Runs it to its end and returns what it says; an error with all its words if it fails. */
    static String run(String... words) throws IOException, InterruptedException {
        Outcome outcome = outcome(words);
        if (outcome.code != 0) {
            throw new AssertionError("'" + String.join(" ", words) + "' failed with " + outcome.code + ": "
                    + outcome.text + " (the laboratory needs root, iptables and iproute2)");
        }
        return outcome.text;
    }

    /** The same where failing is in order, as what it is about may be gone. */
    static void tryRun(String... words) throws IOException, InterruptedException {
        outcome(words);
    }

    private record Outcome(int code, String text) {}

    private static Outcome outcome(String... words) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
        } catch (IOException missing) {
            throw new AssertionError("'" + words[0] + "' is needed and was not found", missing);
        }
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text.strip());
    }
}
