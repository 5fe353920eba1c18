package dev.ringmaster.lb.balance;

/**
 * Decides which replicas are tried for a request, and in which order.
 *
 * <p>Every event loop has an instance of its own and alone calls it, so an implementation may keep state without any
 * synchronization. It must not block. Failover is the next candidate of the same order, so an order should name every
 * serving replica, each once.
 */
@FunctionalInterface
public interface BalancingPolicy {
    /**
     * Starts the order for one request.
     *
     * @param key hash of the request's key, or a random number where no key is configured
     * @param table the replicas that serve at this moment
     * @return the order, read to its end or dropped before the next call: it may be one object used again and again
     */
    Candidates candidates(long key, RoutingTable table);
}
