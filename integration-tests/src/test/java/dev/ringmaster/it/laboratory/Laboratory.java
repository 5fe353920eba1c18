package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Crowd.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One run: its seed, the scripted replicas, and the account of every request. */
final class Laboratory implements AutoCloseable {
    /** How long a replica may be silent; long, so that one which was frozen meanwhile need not be given up. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

    private final long seed = Long.getLong("lab.seed", System.nanoTime());
    private final Ledger ledger;
    private final Windows windows = new Windows();
    private final Control control;
    private final AtomicInteger ids = new AtomicInteger();
    private final List<Process> started = new ArrayList<>();

    /** @param requests most of the run */
    Laboratory(int requests) throws IOException {
        ledger = new Ledger(requests);
        control = new Control(ledger, windows);
        System.out.printf("laboratory: -Dlab.seed=%d%n", seed);
    }

    long seed() {
        return seed;
    }

    Control control() {
        return control;
    }

    Windows windows() {
        return windows;
    }

    /** Settings of a balancer that runs scripted replicas itself. */
    List<String> settings(int replicas) {
        String command = control.command("127.0.0.1", "{id}").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        return List.of("provider-process.command=" + command, "replicas=" + replicas, responseTimeout());
    }

    static String responseTimeout() {
        return "proxy.response-timeout=" + RESPONSE_TIMEOUT.toSeconds() + "s";
    }

    /** Starts a replica that no balancer manages, by a command in front of it, and returns its port. */
    int start(String host, String name, String... prefix) throws IOException {
        List<String> words = Stream.concat(Stream.of(prefix), control.command(host, name).stream())
                .toList();
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        started.add(process);
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null || !line.startsWith("ringmaster-port ")) {
            throw new AssertionError("replica did not start: " + line);
        }
        return Integer.parseInt(line.substring(line.indexOf(' ') + 1));
    }

    /** Clients that begin at once; seeded by the run. */
    Crowd crowd(Plan plan, int port) {
        return new Crowd(plan, port, ids);
    }

    /** Judges what the clients saw, once all replicas have said what they did. */
    Verdict verdict(Crowd crowd) {
        control.settle();
        return Verdict.of(crowd.calls(), new Judge(ledger, windows), ledger, control.malformed());
    }

    @Override
    public void close() throws IOException {
        windows.close();
        control.close();
        started.forEach(Process::destroyForcibly);
    }
}
