package dev.ringmaster.lb.balance;

import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The one place where routing tables change hands: the control plane publishes, event loops read one volatile field.
 * Hash tables are built on the publishing thread, and only when the set of slots or their hashing changed.
 */
public final class RoutingTables {
    private final ClassLoader plugins;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private SlotHash hash;
    private ReplicaSet set = ReplicaSet.EMPTY;
    private volatile RoutingTable current;

    /**
     * An empty table.
     *
     * @param plugins where custom policies and key hashes are looked up
     * @throws IllegalArgumentException if the options name what does not exist
     */
    public RoutingTables(BalanceOptions options, ClassLoader plugins) {
        this.plugins = plugins;
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

    /** Publishes the pool as it is now; completes when every subscriber has seen the table or one after it. */
    public synchronized CompletionStage<Void> publish(ReplicaSet next) {
        hash = hash.changedTo(next);
        set = next;
        return announce(current.distribution());
    }

    /**
     * Distributes by other rules from now on.
     *
     * @throws IllegalArgumentException if the options name what does not exist; nothing has changed then
     */
    public synchronized void reconfigure(BalanceOptions options) {
        Distribution next = distribution(options);
        if (!options.hash().equals(current.distribution().options().hash())) {
            hash = SlotHash.of(options.hash(), set);
        }
        announce(next);
    }

    private CompletionStage<Void> announce(Distribution distribution) {
        RoutingTable table = new RoutingTable(current.generation() + 1, distribution, hash.table(), set);
        current = table;
        List<CompletableFuture<Void>> seen = new ArrayList<>();
        for (Subscriber subscriber : subscribers) {
            seen.add(subscriber.tell(table));
        }
        return CompletableFuture.allOf(seen.toArray(CompletableFuture<?>[]::new));
    }

    private Distribution distribution(BalanceOptions options) {
        return new Distribution(
                options, Policies.named(options.policy(), plugins), SlotHash.requestKey(options, plugins));
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
