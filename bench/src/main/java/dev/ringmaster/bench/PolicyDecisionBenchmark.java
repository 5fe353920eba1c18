package dev.ringmaster.bench;

import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.balance.KeySource;
import dev.ringmaster.lb.balance.LoopBalancer;
import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request pays for its replica, with every bound and count that is on by default: its key is hashed and counted,
 * and a replica is chosen; ns each. With the flags that the distribution runs with.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 200, time = 5, timeUnit = TimeUnit.MILLISECONDS) // short, so that most are not interrupted
@Fork(
        value = 3,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@State(Scope.Benchmark)
public class PolicyDecisionBenchmark {
    private static final int LOOPS = 2;
    /** So many that neither a branch predictor nor the counters of keys know them. */
    private static final int REQUESTS = 1 << 16;

    private static final int KEY_BYTES = 16;
    /** As under a load at which it depends on the bound whether a key may stay at home. */
    private static final int LEAST_IN_FLIGHT = 28;

    private static final int SPREAD_IN_FLIGHT = 9;
    /** Decisions in one turn of an event loop, which looks at all counts once. */
    private static final int TURN = 16;

    @Param({"3", "10", "100"})
    public int nodes;

    @Param({
        "consistent-hash",
        "round-robin",
        "least-connections",
        "least-response-time",
        "power-of-d",
        "random",
        "first-available"
    })
    public String policy = "";

    private final List<Runnable> endOfTurn = new ArrayList<>();
    private final Request request = new Request();
    private int number;
    private @Nullable LoopBalancer balancer;
    private @Nullable RoutingTable table;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(42);
        random.nextBytes(request.keys);
        List<Slot> slots = new ArrayList<>();
        for (int slot = 0; slot < nodes; slot++) {
            InFlight inFlight = new InFlight(LOOPS);
            for (int i = LEAST_IN_FLIGHT + random.nextInt(SPREAD_IN_FLIGHT); i > 0; i--) {
                inFlight.begin(i % LOOPS);
            }
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000 + slot);
            Replica replica = new Replica(ReplicaId.random(), "S" + slot, slot, address, inFlight);
            slots.add(new Slot(slot, 1, replica.name(), ReplicaState.UP, replica));
        }
        RoutingTables tables = new RoutingTables(
                new BalanceOptions(
                        policy,
                        new BalanceOptions.HashRing("capped-rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                        List.of("header:x-key")),
                PolicyDecisionBenchmark.class.getClassLoader());
        tables.publish(new ReplicaSet(slots, List.of()));
        table = tables.current();
        balancer = new LoopBalancer(tables, endOfTurn::add, LOOPS);
    }

    /** As a loop has it that has sixteen requests at hand in each turn. */
    @Benchmark
    public @Nullable Replica decision() {
        if (balancer == null || table == null) {
            throw new IllegalStateException("not set up");
        }
        nextRequest();
        return balancer.choose(table, balancer.key(request), -1, List.of());
    }

    /** The part of it before the choice: the key is hashed and counted. */
    @Benchmark
    public long key() {
        if (balancer == null) {
            throw new IllegalStateException("not set up");
        }
        nextRequest();
        return balancer.key(request);
    }

    private void nextRequest() {
        number = (number + 1) & (REQUESTS - 1);
        if (number % TURN == 0) {
            endOfTurn.forEach(Runnable::run);
            endOfTurn.clear();
        }
        request.key = number * KEY_BYTES;
    }

    /** One whose key's place is known. */
    private static final class Request implements KeySource {
        private final byte[] keys = new byte[REQUESTS * KEY_BYTES];
        private int key;

        @Override
        public byte[] bytes() {
            return keys;
        }

        @Override
        public long header(String lowerCaseName) {
            return KeySource.place(key, KEY_BYTES);
        }

        @Override
        public long uri() {
            return -1;
        }

        @Override
        public long path() {
            return -1;
        }

        @Override
        public byte[] clientAddress() {
            return new byte[4];
        }
    }
}
