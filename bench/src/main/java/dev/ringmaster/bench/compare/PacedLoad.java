package dev.ringmaster.bench.compare;

import dev.ringmaster.bench.compare.Accounting.Used;
import dev.ringmaster.lb.cli.load.LoadClient;
import dev.ringmaster.lb.cli.load.LoadFailure;
import dev.ringmaster.lb.cli.load.LoadOptions;
import dev.ringmaster.lb.cli.load.LoadReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Latency and CPU time at a rate that everybody can keep, the same for all: 60 % of what the slowest of ours, HAProxy and
 * nginx was able to answer when warm. Requests are sent when they are due, answered or not, and timed from that moment.
 *
 * <p>The generator runs in this process, where it is compiled once and for all turns: started anew for every turn, its
 * own warming up would be most of what a p99 shows.
 */
final class PacedLoad implements Trial {
    private static final double SHARE = 0.6;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final double NANOS_A_MILLI = 1e6;
    private static final int WARM_UP_TURNS = 4;

    private final Field field;
    private final Scenario scenario;
    private final Wrk wrk;
    private final Contestant origin;
    private final List<Contestant> calibrated;
    private final int seconds;
    private double rate;
    private Standstills standstills = new Standstills(System.nanoTime());

    /**
     * @param origin the contestant without a proxy
     * @param calibrated those that the rate is to suit
     * @param seconds of a turn
     */
    PacedLoad(Field field, Scenario scenario, Wrk wrk, Contestant origin, List<Contestant> calibrated, int seconds) {
        this.field = field;
        this.scenario = scenario;
        this.wrk = wrk;
        this.origin = origin;
        this.calibrated = calibrated;
        this.seconds = seconds;
    }

    @Override
    public String prepare() throws IOException, InterruptedException {
        Calibration calibration = Calibration.of(
                calibrated,
                (contestant, length) -> wrk.run(contestant.port(), length).rate());
        rate = SHARE * calibration.slowest();
        for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
            for (Contestant contestant : calibrated) {
                take(contestant); // The generator, too, is to be warm, and its compiler not to disturb it later.
            }
        }
        keepTo(field.layout().others());
        if (scenario.headline() == Figure.ADDED) { // Where it is not compared, nobody is to pay for the watch.
            standstills = Standstills.watch(Accounting.processors());
        }
        String told = "Answers a second when saturated: %s. %.0f are sent.".formatted(calibration.told(), rate);
        System.err.println(told);
        return told;
    }

    /** Moves this process, generator and all. */
    private static void keepTo(String processors) throws IOException, InterruptedException {
        Contestants.output(
                "taskset", "-acp", processors, "" + ProcessHandle.current().pid());
    }

    @Override
    public Sample take(Contestant contestant) throws IOException, InterruptedException {
        URI url = URI.create("http://127.0.0.1:" + contestant.port() + scenario.path());
        InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort());
        int requests = (int) (rate * seconds);
        LoadOptions load = new LoadOptions(url, address, requests, scenario.connections(), rate, TIMEOUT, true);
        TurnLatencies latencies = new TurnLatencies(standstills, System.nanoTime());
        Used before = Accounting.used(field.server(contestant).processes());
        try (LoadClient client = LoadClient.start(load, latencies)) {
            boolean complete = client.await(Duration.ofSeconds(seconds).plus(TIMEOUT.multipliedBy(2)));
            if (!complete) {
                client.stop();
                if (!client.await(TIMEOUT)) {
                    throw new OverdueException("the generator does not end");
                }
                complete = !client.report().interrupted();
            }
            Used used = Accounting.used(field.server(contestant).processes()).since(before);
            LoadReport report = client.report();
            check(report.failures(), complete);
            return Sample.of(latencies.figures())
                    .with(Figure.LATENESS, report.latestSend().toNanos() / NANOS_A_MILLI)
                    .with(Figure.RATE, report.rate())
                    .with(Figure.CPU, scenario.work().in(used.total() / report.requests()))
                    .with(Figure.USER, scenario.work().in(used.user() / report.requests()))
                    .with(Figure.SYSTEM, scenario.work().in(used.system() / report.requests()));
        }
    }

    /**
     * An answer that is late may be the machine's doing; any other failure is the contestant's.
     *
     * @param complete whether every request has come to an end
     */
    static void check(Map<LoadFailure, Long> failures, boolean complete) throws IOException {
        long late = failures.getOrDefault(LoadFailure.TIMEOUT, 0L);
        long failed = failures.values().stream().mapToLong(Long::longValue).sum();
        if (failed > late) {
            throw new IOException("a comparison counts only without failures: " + failures);
        }
        if (late > 0 || !complete) {
            throw new OverdueException(late > 0 ? late + " answers are overdue" : "far behind the rate");
        }
    }

    @Override
    public Map<Contestant, Sample> settle(Map<Contestant, Sample> block) {
        return added(block, origin);
    }

    /** With what each adds to the way without a proxy; without it where either met nothing but standstills. */
    static Map<Contestant, Sample> added(Map<Contestant, Sample> block, Contestant origin) {
        Sample way = block.get(origin);
        if (way == null || !way.has(Figure.SPARED)) {
            return block;
        }
        double direct = way.get(Figure.SPARED);
        Map<Contestant, Sample> settled = new LinkedHashMap<>();
        block.forEach((contestant, sample) -> settled.put(
                contestant,
                sample.has(Figure.SPARED) ? sample.with(Figure.ADDED, sample.get(Figure.SPARED) - direct) : sample));
        return settled;
    }
}
