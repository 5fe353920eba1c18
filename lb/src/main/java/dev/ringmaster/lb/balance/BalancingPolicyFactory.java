package dev.ringmaster.lb.balance;

/**
 * Makes policies of one name. A custom one is a public class with a public constructor without parameters, named in
 * {@code META-INF/services/dev.ringmaster.lb.balance.BalancingPolicyFactory} of a jar that the key {@code plugins} lists.
 */
public interface BalancingPolicyFactory {
    /** The name by which the configuration asks for the policy. */
    String name();

    /** A policy for one event loop. */
    BalancingPolicy create();
}
