package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.ReplicaSet;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where routing tables change hands: the control plane publishes, event loops read one volatile field.
 * Hash tables are built on the publishing thread, and only when the set of slots or their hashing changed.
 */
public final class RoutingTables {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingTables.class);

    private final byte[] secretOfThisStart = new byte[32];
    private final ClassLoader plugins;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final SlowStart slowStart = new SlowStart();
    private final HotKeyWatch watch = new HotKeyWatch();
    private SlotHash hash;
    private ReplicaSet set = ReplicaSet.EMPTY;
    private volatile RoutingTable current;
    private volatile double lastMoved;
    private volatile KeyReport keys = KeyReport.NONE;
    private volatile long hotRequests;
    private HotKeys hot = HotKeys.NONE;
    private long tickedAt;

    /**
     * An empty table.
     *
     * @param plugins where custom policies and key hashes are looked up
     * @throws IllegalArgumentException if the options name what does not exist
     */
    public RoutingTables(BalanceOptions options, ClassLoader plugins) {
        this.plugins = plugins;
        new SecureRandom().nextBytes(secretOfThisStart);
        this.hash = SlotHash.of(options.hash(), set);
        this.current = new RoutingTable(0, distribution(options), hash.table(), set);
    }

    /** The table as of now; any thread. */
    public RoutingTable current() {
        return current;
    }

    /** Runs {@code task} on {@code loop} after every publication. */
    public synchronized void subscribe(Executor loop, Consumer<RoutingTable> task) {
        subscribers.add(new Subscriber(loop, task));
    }

    /** Where a request with that key would go now; any thread. */
    public Explanation explain(String key) {
        return explain(current.distribution().key().bytesOf(key));
    }

    Explanation explain(byte[] key) {
        RoutingTable table = current;
        return Explanation.of(table, table.distribution().key().hashOf(key));
    }

    /**
     * What a change would do; any thread.
     *
     * @throws IllegalArgumentException if it is none that could be made
     */
    public Plan plan(Plan.Change change) {
        SlotHash before;
        synchronized (this) {
            before = hash;
        }
        BalanceOptions options = current.distribution().options();
        ReplicaSet pool = current.pool();
        ReplicaSet left = change.removal().applied(pool);
        ReplicaSet next = change.applied(pool);
        String algorithm = change.algorithm();
        SlotHash after = algorithm == null || algorithm.equals(before.options().algorithm())
                // A new slot takes a number that is free by then, and not its keys if the table has a history.
                ? before.changedTo(left).changedTo(next)
                : SlotHash.of(before.options().withAlgorithm(algorithm), next);
        return Plan.of(before.table(), after.table(), options);
    }

    /**
     * Part of the keys that got another home when slots, weights, table, hash function or request key changed last, 0 to
     * 1; any thread. Another function or key is another hash for every key, so that homes before and after are independent:
     * 1 less the sum of the squares of the slots' shares, and 0 if no request had a key before.
     */
    public double lastMoved() {
        return lastMoved;
    }

    /** Publishes the pool as it is now; completes when every subscriber has seen the table or one after it. */
    public synchronized CompletionStage<Void> publish(ReplicaSet next) {
        follow(hash.changedTo(next), current.distribution().options());
        set = next;
        slowStart.follow(next, slowStart());
        return announce(current.distribution());
    }

    private Duration slowStart() {
        return current.distribution().options().tuning().slowStart();
    }

    /** From now on {@code counter}, which runs on {@code loop}, is asked for the keys that it has counted. */
    void count(Executor loop, Supplier<KeySketch.Window> counter) {
        watch.join(loop, counter);
    }

    /** The most frequent keys of late; any thread. */
    public KeyReport keys() {
        return keys;
    }

    /** Requests of keys that were hot at the end of the window in which they came, so far; any thread. */
    public long hotRequests() {
        return hotRequests;
    }

    /**
     * To be called on {@code control} every half of a second: new slots get more of their share, and keys become hot or
     * cold.
     *
     * @param nanos of a clock that only goes forward
     */
    public void tick(long nanos, Executor control) {
        synchronized (this) {
            if (slowStart.advance(set, nanos - tickedAt, slowStart())) {
                announce(current.distribution());
            }
            tickedAt = nanos;
        }
        watch.ask(control, this::found);
    }

    private synchronized void found(List<KeySketch.Window> windows) {
        hotRequests += windows.stream().mapToLong(hot::requests).sum();
        HotKeyFinder.Found found =
                current.countsKeys() ? HotKeyFinder.find(current, windows) : HotKeyFinder.Found.NOTHING;
        keys = found.report();
        if (!found.hot().equals(hot)) {
            LOG.info("hot-keys={} before={}", found.hot().size(), hot.size());
            hot = found.hot();
            announce(current.distribution());
        }
    }

    /**
     * Distributes by other rules from now on.
     *
     * @throws IllegalArgumentException if the options name what does not exist; nothing has changed then
     */
    public synchronized void reconfigure(BalanceOptions options) {
        Distribution before = current.distribution();
        Distribution next = distribution(options);
        SlotHash configured = hash.configured(options.hash());
        if (next.hashesLike(before)) {
            follow(configured, options);
        } else {
            // Where no request had a key, no key had a home to leave.
            lastMoved = before.key().random() ? 0 : Plan.rehashed(hash.table(), configured.table(), options);
            hash = configured;
        }
        announce(next);
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged hash is the same object
    private void follow(SlotHash next, BalanceOptions options) {
        if (next != hash) {
            lastMoved = Plan.moved(hash.table(), next.table(), options);
            hash = next;
        }
    }

    private CompletionStage<Void> announce(Distribution distribution) {
        RoutingTable.Passing passing = new RoutingTable.Passing(slowStart.parts(set), hot);
        RoutingTable table = new RoutingTable(current.generation() + 1, distribution, hash.table(), set, passing);
        current = table;
        List<CompletableFuture<Void>> seen = new ArrayList<>();
        for (Subscriber subscriber : subscribers) {
            seen.add(subscriber.tell(table));
        }
        return CompletableFuture.allOf(seen.toArray(CompletableFuture<?>[]::new));
    }

    private Distribution distribution(BalanceOptions options) {
        boolean sticky = options.policy().equals(Policies.STICKY);
        String policy = sticky ? options.tuning().sticky().otherwise() : options.policy();
        return new Distribution(
                options,
                Policies.named(policy, plugins),
                SlotHash.requestKey(options, plugins),
                sticky ? cookie(options.tuning().sticky()) : null);
    }

    private StickyCookie cookie(BalanceOptions.Sticky sticky) {
        if (sticky.secret().isEmpty()) {
            LOG.info("sticky.secret is not set: cookies hold until the next start");
        }
        byte[] secret = sticky.secret().getBytes(StandardCharsets.UTF_8);
        return new StickyCookie(sticky.cookie(), secret.length == 0 ? secretOfThisStart : secret);
    }

    private record Subscriber(Executor loop, Consumer<RoutingTable> task) {
        CompletableFuture<Void> tell(RoutingTable table) {
            try {
                return CompletableFuture.runAsync(() -> task.accept(table), loop);
            } catch (RejectedExecutionException stopped) {
                // A loop that has shut down routes nothing any more.
                return CompletableFuture.completedFuture(null);
            }
        }
    }
}
