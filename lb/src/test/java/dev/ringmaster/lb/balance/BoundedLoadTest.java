package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.Replica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consistent hashing with bounded loads, against a naive statement of the rule. */
final class BoundedLoadTest {
    private static final double FACTOR = BalanceOptions.Tuning.DEFAULTS.balanceFactor();
    private static final long SEED = 20_261_121;

    private record Request(Replica replica, int loop, double until) {
        void end() {
            replica.inFlight().end(loop);
        }
    }

    private static RoutingTable table(String algorithm, double... weights) {
        RoutingTables tables = Pools.tables("consistent-hash", algorithm, "uri");
        tables.publish(Pools.weighted(weights));
        return tables.current();
    }

    private static List<ConsistentHashPolicy> loops() {
        List<ConsistentHashPolicy> loops = new ArrayList<>();
        for (int loop = 0; loop < Pools.LOOPS; loop++) {
            loops.add(new ConsistentHashPolicy(LoopLoad.ofNoLoop()));
        }
        return loops;
    }

    private static long total(RoutingTable table) {
        return table.serving().stream()
                .mapToLong(replica -> replica.inFlight().sum())
                .sum();
    }

    /** The rule as the paper has it, and the slack. */
    private static long bound(RoutingTable table, Replica replica) {
        double share = table.share(table.serving().indexOf(replica));
        return (long) Math.ceil(FACTOR * (total(table) + 1) * share) + 8;
    }

    private static boolean isFull(RoutingTable table, Replica replica) {
        return replica.inFlight().sum() + 1 > bound(table, replica);
    }

    /** The key's order without a bound, those over the bound last. */
    private static List<Replica> expected(RoutingTable table, long key) {
        List<Replica> free = new ArrayList<>();
        List<Replica> full = new ArrayList<>();
        var walk = table.hash().candidates().reset(key);
        for (Integer slot = walk.next(); slot != null; slot = walk.next()) {
            Replica replica = table.serving().get(slot);
            (isFull(table, replica) ? full : free).add(replica);
        }
        free.addAll(full);
        return free;
    }

    @ParameterizedTest
    @ValueSource(strings = {"capped-rendezvous", "ketama", "maglev", "rendezvous"})
    void order_atEveryAdmission_isTheKeysOwnWithTheFullOnesLast(String algorithm) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int trial = 0; trial < 20; trial++) {
            double[] weights = random.doubles(random.nextInt(1, 9), 0.25, 4).toArray();
            RoutingTable table = table(algorithm, weights);
            List<ConsistentHashPolicy> loops = loops();
            List<Request> open = new ArrayList<>();
            int most = random.nextInt(1, 300);
            for (int step = 0; step < 400; step++) {
                if (!open.isEmpty() && random.nextInt(most) < open.size()) {
                    open.remove(random.nextInt(open.size())).end();
                    continue;
                }
                long key = random.nextInt(3) == 0 ? 7 : random.nextLong();
                int loop = random.nextInt(Pools.LOOPS);
                List<Replica> order = Pools.order(loops.get(loop), key, table);
                assertThat(order).as("seed %d trial %d", SEED, trial).isEqualTo(expected(table, key));
                Replica first = order.getFirst();
                assertThat(first.inFlight().sum() + 1).isLessThanOrEqualTo(bound(table, first));
                first.inFlight().begin(loop);
                open.add(new Request(first, loop, 0));
            }
        }
    }

    @Test
    void excess_whenAllLoopsAdmitOneAtOnce_isAtMostSlackAndLoops() {
        SplittableRandom random = new SplittableRandom(SEED);
        RoutingTable table = table("capped-rendezvous", 1, 1, 2, 1, 0.5);
        List<ConsistentHashPolicy> loops = loops();
        List<Request> open = new ArrayList<>();
        long worst = 0;
        for (int round = 0; round < 5000; round++) {
            long total = total(table);
            List<Request> chosen = new ArrayList<>();
            for (int loop = 0; loop < loops.size(); loop++) {
                long key = random.nextInt(2) == 0 ? 7 : random.nextLong();
                Replica first = Pools.order(loops.get(loop), key, table).getFirst();
                chosen.add(new Request(first, loop, 0));
            }
            chosen.forEach(request -> request.replica().inFlight().begin(request.loop()));
            for (Request request : chosen) {
                double share = table.share(table.serving().indexOf(request.replica()));
                long bare = (long) Math.ceil(FACTOR * (total + 1) * share);
                worst = Math.max(worst, request.replica().inFlight().sum() - bare);
            }
            open.addAll(chosen);
            for (int leaving = random.nextInt(9); leaving > 0 && !open.isEmpty(); leaving--) {
                open.remove(random.nextInt(open.size())).end();
            }
        }
        assertThat(worst).as("seed %d", SEED).isBetween(1L, 8L + Pools.LOOPS);
    }

    /** Arrivals at random, service times exponential: what a replica has in flight is Poisson distributed. */
    @ParameterizedTest
    @CsvSource({"3, 6", "5, 50", "5, 200", "10, 300", "10, 640", "30, 900"})
    void uniformTraffic_withoutAHotKey_spillsAtMostOneInTwoHundred(int replicas, int meanInFlight) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[] weights = new double[replicas];
        Arrays.fill(weights, 1);
        RoutingTable table = table("capped-rendezvous", weights);
        List<ConsistentHashPolicy> loops = loops();
        PriorityQueue<Request> open = new PriorityQueue<>((a, b) -> Double.compare(a.until(), b.until()));
        double now = 0;
        int requests = 40_000;
        int spilled = 0;
        int spilledWithoutSlack = 0;
        for (int i = 0; i < requests; i++) {
            now += -Math.log(1 - random.nextDouble()) / meanInFlight;
            while (!open.isEmpty() && open.peek().until() <= now) {
                open.remove().end();
            }
            long key = random.nextLong();
            int loop = random.nextInt(Pools.LOOPS);
            Replica home = table.serving().get(table.hash().owner(key));
            spilledWithoutSlack += home.inFlight().sum() + 1 > bound(table, home) - 8 ? 1 : 0;
            Replica first = Pools.order(loops.get(loop), key, table).getFirst();
            spilled += first.equals(home) ? 0 : 1;
            first.inFlight().begin(loop);
            open.add(new Request(first, loop, now - Math.log(1 - random.nextDouble())));
        }
        assertThat(spilled).as("seed %d", SEED).isLessThanOrEqualTo(requests / 200);
        assertThat(spilledWithoutSlack).as("the control").isGreaterThan(requests / 100);
    }

    @Test
    void hotKey_spillsToItsOwnNextCandidateOnEveryLoop() {
        RoutingTable table = table("capped-rendezvous", 1, 1, 1, 1, 1);
        List<ConsistentHashPolicy> loops = loops();
        List<Replica> unbound = expected(table, 7);
        while (!isFull(table, unbound.getFirst())) {
            unbound.getFirst().inFlight().begin(1);
        }
        List<Replica> spilt = new ArrayList<>(unbound);
        spilt.add(spilt.removeFirst());
        for (ConsistentHashPolicy loop : loops) {
            assertThat(Pools.order(loop, 7, table)).isEqualTo(spilt);
        }
        unbound.getFirst().inFlight().end(1);
        assertThat(Pools.order(loops.getFirst(), 7, table)).isEqualTo(unbound);
    }

    @Test
    void boundThatIsOff_keepsEveryKeyAtHome() {
        BalanceOptions options = Pools.options("consistent-hash", "classic", "random");
        RoutingTables tables = new RoutingTables(
                new BalanceOptions(
                        options.policy(),
                        options.hash(),
                        options.key(),
                        new BalanceOptions.Tuning(
                                0, 2, BalanceOptions.Tuning.DEFAULTS.sticky(), 10_000, false, 0.5, Duration.ZERO)),
                Pools.class.getClassLoader());
        tables.publish(Pools.of(3));
        ConsistentHashPolicy policy = new ConsistentHashPolicy(LoopLoad.ofNoLoop());
        Replica home = Pools.order(policy, 123_456, tables.current()).getFirst();
        for (int i = 0; i < 100; i++) {
            home.inFlight().begin(0);
        }
        assertThat(Pools.order(policy, 123_456, tables.current()).getFirst()).isEqualTo(home);
    }

    @Test
    void counts_areAddedUpOnceATurn() {
        RoutingTable table = table("capped-rendezvous", 1, 1);
        List<Runnable> endOfTurn = new ArrayList<>();
        LoopLoad load = new LoopLoad(endOfTurn::add);
        load.decide();
        assertThat(load.total(table)).as("this one").isEqualTo(1);
        assertThat(load.total(table)).as("however often it asks").isEqualTo(1);
        table.serving().getFirst().inFlight().begin(0);
        table.serving().getLast().inFlight().begin(1);
        load.decide();
        assertThat(load.total(table)).as("what it has decided since counts").isEqualTo(2);
        endOfTurn.removeFirst().run();
        load.decide();
        assertThat(load.total(table)).isEqualTo(3);
        assertThat(endOfTurn).hasSize(1);
    }
}
