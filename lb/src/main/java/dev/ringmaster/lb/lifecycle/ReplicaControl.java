package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.replica.ReplicaSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Changes to the pool. Calls run one after another in order of arrival; a stage fails with a {@link ControlException}
 * and with nothing else.
 */
public interface ReplicaControl {
    /** The pool at this moment. */
    ReplicaSet current();

    /**
     * Adds {@code n} replicas and completes when all of them serve; all or nothing.
     *
     * @param n how many, positive
     * @param names host names of the first of them, syntactically valid and distinct, at most {@code n}; the rest get
     *     random names
     */
    CompletionStage<ReplicaSet> add(int n, List<String> names);

    /**
     * Removes {@code n} replicas and completes as soon as no request goes to them; draining and stopping go on behind.
     *
     * @param n how many, positive
     * @param names host names that must be among them; the rest is chosen at random
     * @param clamp whether asking for more than there are removes all instead of failing
     */
    CompletionStage<ReplicaSet> remove(int n, List<String> names, boolean clamp);

    /**
     * Gives slots other weights, all or none, and completes when every event loop goes by them.
     *
     * @param weights host name to weight, from 0.001 to 1000
     */
    CompletionStage<ReplicaSet> weigh(Map<String, Double> weights);
}
