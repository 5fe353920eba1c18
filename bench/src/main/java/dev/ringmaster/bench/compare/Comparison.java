package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scenario, several proxies, in turns.
 *
 * <p>In every block each proxy has its turn, in an order drawn anew. Ratios are taken within a block, so that what
 * disturbs the machine for longer disturbs everybody. Ours takes part twice: the ratio of the two is what the protocol
 * cannot tell apart. Where turns are a load, all proxies run from the beginning and are warmed up, those on a JVM for
 * 20 s.
 */
public final class Comparison {
    private static final String ALL = "0-1";

    private static final Pattern TRANSPORT = Pattern.compile("transport=(\\S+) loops=");

    private final Options options;
    private final Path directory;
    private final Templates templates;
    private final List<Contestant> contestants = new ArrayList<>();

    private Comparison(Options options, Path directory) throws IOException {
        this.options = options;
        this.directory = directory;
        this.templates = new Templates(directory, options.layout().workers());
    }

    /** Takes {@link Options}' arguments; prints Markdown. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        // Readable for the origin's workers, which may belong to another user.
        Path directory = Files.createTempDirectory(
                "ringmaster-comparison",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try {
            Outcome outcome = new Comparison(options, directory).run();
            System.out.println(new Report(outcome).section());
            if (!options.results().isEmpty()) {
                new Results(Path.of(options.results())).merge(outcome);
            }
        } finally {
            try (var files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private Outcome run() throws IOException, InterruptedException {
        Contestants all =
                new Contestants(templates, options.table(), options.layout().workers());
        contestants.add(all.ringmaster(Contestants.OURS, options.transport()));
        contestants.add(all.ringmaster(Contestants.OURS + " again", options.transport()));
        for (String rival : options.rivals()) {
            contestants.add(all.rival(rival));
        }
        Contestant origin = all.origin();
        try (Field field = new Field(options.layout(), directory)) {
            field.startOrigin(origin);
            for (Contestant contestant : contestants) {
                field.start(contestant);
            }
            checkAnswers(origin);
            Ringmaster.differences(contestants.get(1)); // In nothing else may that one differ either.
            Map<String, String> differences = Ringmaster.differences(contestants.getFirst());
            ServerProcess first = field.server(contestants.getFirst());
            Outcome.Ours ours = new Outcome.Ours(differences, Ringmaster.flags(first), transport(first));
            if (options.scenario() == Scenario.LATENCY) {
                contestants.add(origin);
            }
            Wrk wrk = wrk(options.scenario());
            Trial trial = trial(field, origin, wrk);
            for (Contestant contestant : contestants) {
                if (trial.startsThem()) {
                    field.stop(contestant);
                } else {
                    warmUp(contestant, wrk);
                }
            }
            String preparation = trial.prepare();
            Outcome outcome = new Outcome(options, contestants, ours, Accounting.processors(), preparation);
            new Blocks(outcome, trial, () -> Accounting.processor(ALL)).run();
            return outcome;
        }
    }

    private void checkAnswers(Contestant origin) throws IOException, InterruptedException {
        try (Answers answers = new Answers(options.scenario(), origin.port())) {
            for (Contestant contestant : contestants) {
                answers.compare(contestant);
            }
        }
    }

    private static String transport(ServerProcess ours) throws IOException {
        Matcher told = TRANSPORT.matcher(ours.output());
        if (!told.find()) {
            throw new IOException("ours does not say which transport it uses: " + ours.output());
        }
        return told.group(1);
    }

    private static void warmUp(Contestant contestant, Wrk wrk) throws IOException, InterruptedException {
        try {
            wrk.warmUp(contestant);
        } catch (IOException failed) {
            throw Blocks.failure(contestant, failed);
        }
    }

    private Trial trial(Field field, Contestant origin, Wrk wrk) throws IOException {
        Scenario scenario = options.scenario();
        int seconds = options.turns().seconds();
        return switch (scenario.work()) {
            case REQUESTS, CONNECTIONS, BYTES, UPLOADS -> new Saturation(field, wrk, scenario.work(), seconds);
            case PACED, RATED -> new PacedLoad(field, scenario, wrk, origin, calibrated(), seconds);
            case HELD -> new IdleConnections(field, scenario, List.of(wrk(Scenario.SMALL), wrk(Scenario.CHURN)));
            case STARTS -> new StartUp(field, scenario);
        };
    }

    private Wrk wrk(Scenario scenario) throws IOException {
        return new Wrk(scenario, options.layout().others(), directory);
    }

    /** Those whose rate everybody has to keep. */
    private List<Contestant> calibrated() {
        return contestants.stream()
                .filter(contestant -> contestant.name().equals(Contestants.OURS)
                        || contestant.name().startsWith("HAProxy")
                        || contestant.name().equals("nginx"))
                .toList();
    }
}
