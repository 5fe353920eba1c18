package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One scenario, several proxies, in turns.
 *
 * <p>All are started and warmed up. Then follow blocks; in each, every proxy has its turn of some seconds, in an order
 * drawn anew. Ratios are taken within a block, so that what disturbs the machine for longer disturbs everybody. Ours
 * takes part twice: the ratio of the two is what the protocol cannot tell apart.
 */
public final class Comparison {
    private static final String PROXY_PROCESSOR = "1";
    private static final String OTHER_PROCESSOR = "0";
    private static final int WARM_UPS = 2;

    private final Options options;
    private final Path directory;
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<Entrant> entrants = new ArrayList<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private record Entrant(Contestant contestant, ServerProcess server) {}

    private Comparison(Options options, Path directory) {
        this.options = options;
        this.directory = directory;
    }

    /** Takes {@link Options}' arguments; prints Markdown. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        Path directory = Files.createTempDirectory("ringmaster-comparison");
        try {
            System.out.println(new Comparison(options, directory).run());
        } finally {
            try (var files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private String run() throws IOException, InterruptedException {
        Contestants all = new Contestants(directory, options.table(), 1);
        contestants.add(all.ringmaster("Ringmaster", options.transport()));
        contestants.add(all.ringmaster("Ringmaster again", options.transport()));
        contestants.add(all.haproxy("safe"));
        contestants.add(all.haproxy("always"));
        contestants.add(all.nginx());
        Contestant origin = all.origin();
        try (ServerProcess _ = start(origin, OTHER_PROCESSOR)) {
            for (Contestant contestant : contestants) {
                entrants.add(new Entrant(contestant, start(contestant, PROXY_PROCESSOR)));
            }
            compare();
        } finally {
            entrants.forEach(entrant -> entrant.server().close());
        }
        return new Report(options, contestants, samples).markdown();
    }

    private ServerProcess start(Contestant contestant, String processors) throws IOException, InterruptedException {
        Path log = directory.resolve(contestant.name().replace(' ', '-') + ".log");
        return ServerProcess.start(contestant.command(), contestant.port(), processors, log);
    }

    private void compare() throws IOException, InterruptedException {
        Wrk wrk = new Wrk(options.scenario(), OTHER_PROCESSOR, directory);
        Random random = new Random(options.seed());
        for (int block = -WARM_UPS; block < options.blocks(); block++) {
            List<Entrant> order = new ArrayList<>(entrants);
            Collections.shuffle(order, random);
            for (Entrant entrant : order) {
                String name = entrant.contestant().name();
                Sample sample = turn(entrant.server(), wrk);
                System.err.printf(
                        "block %d %-18s cpu %.2f rate %.0f busy %.2f%n",
                        block, name, sample.cpu(), sample.rate(), sample.busy());
                if (block >= 0) {
                    samples.computeIfAbsent(name, _ -> new ArrayList<>()).add(sample);
                }
            }
        }
    }

    private Sample turn(ServerProcess server, Wrk wrk) throws IOException, InterruptedException {
        double before = server.cpuSeconds();
        Wrk.Outcome outcome = wrk.run(server.port(), options.seconds());
        double used = server.cpuSeconds() - before;
        return new Sample(
                options.scenario().work().in(used / outcome.requests()),
                outcome.requests() / outcome.seconds(),
                used / outcome.seconds());
    }
}
