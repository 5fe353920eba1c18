package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Fault.CutIdle;
import dev.ringmaster.it.laboratory.Fault.Freeze;
import dev.ringmaster.it.laboratory.Fault.Kill;
import dev.ringmaster.it.laboratory.Fault.Misbehave;
import dev.ringmaster.it.laboratory.Fault.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Two faults at a time of {@link #REPLICAS} replicas: one lane of replicas that misbehave, one of processes that die,
 * freeze, come and go. Each lane follows from the seed alone, so that a run can be had again. At least three replicas are
 * well at any time, and few enough requests break that the balancer's budget of retries holds: what may be sent again must
 * not fail.
 */
final class Schedule implements AutoCloseable {
    static final int REPLICAS = 5;
    private static final List<Behaviour> BEHAVIOURS = List.of(Behaviour.values());
    private static final long SETTLE_MILLIS = 300;

    private final ExecutorService lanes = Executors.newCachedThreadPool();
    private final List<Future<Integer>> running = new ArrayList<>();
    private volatile boolean over;

    /** Replicas that misbehave, and replicas that die. */
    Schedule(long seed, Site site) {
        this(seed, site, List.of(Schedule::misbehaviour, Schedule::process));
    }

    /** Lanes of one's own. */
    Schedule(long seed, Site site, List<Function<SplittableRandom, Fault>> faults) {
        for (int i = 0; i < faults.size(); i++) {
            running.add(lanes.submit(lane(new SplittableRandom(seed + i), faults.get(i), site)));
        }
    }

    private Callable<Integer> lane(SplittableRandom random, Function<SplittableRandom, Fault> next, Site site) {
        return () -> {
            int faults = 0;
            while (!over) {
                Fault fault = next.apply(random);
                System.out.printf("fault %s%n", fault);
                fault.happen(site);
                Thread.sleep(SETTLE_MILLIS);
                faults++;
            }
            return faults;
        };
    }

    private static Fault misbehaviour(SplittableRandom random) {
        Behaviour behaviour = BEHAVIOURS.get(random.nextInt(1, BEHAVIOURS.size()));
        double share = switch (behaviour) {
            case REFUSE, SLOW, DRIP, LAST, CLOSE_SOON -> 1;
            case HANG -> 0.02;
            default -> 0.25;
        };
        return new Misbehave(
                random.nextInt(REPLICAS),
                behaviour,
                share,
                random.nextInt(4) == 0 && behaviour != Behaviour.SLOW,
                random.nextLong(),
                random.nextLong(500, 2500));
    }

    private static Fault process(SplittableRandom random) {
        int replica = random.nextInt(REPLICAS);
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Kill(replica);
            case 2 -> new Freeze(replica, random.nextLong(200, 5000));
            case 3 -> new Scale(random.nextInt(1, 3), random.nextLong(300, 1000));
            default -> new CutIdle(replica);
        };
    }

    /** Lets the current faults end and begins no more; returns how many there were. */
    int end() throws InterruptedException, ExecutionException {
        over = true;
        int faults = 0;
        for (Future<Integer> lane : running) {
            faults += lane.get();
        }
        return faults;
    }

    @Override
    public void close() {
        lanes.shutdownNow();
    }
}
