package dev.ringmaster.lb.balance;

import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about choosing a replica, resolved: the policy by its factory, the request key by its
 * sources, and the cookie if clients stay with their slots. A routing table carries one, so that a request never meets an old policy with a new key.
 */
record Distribution(
        BalanceOptions options,
        BalancingPolicyFactory policy,
        RequestKey key,
        @Nullable StickyCookie sticky) {
    /** Whether keys are counted, so that those with many requests get more slots. */
    boolean findsHotKeys() {
        return options.tuning().hotKeyShare() > 0
                && !key.random()
                && policy.name().equals(Policies.CONSISTENT_HASH);
    }

    /** Whether every key has the same hash by both; true of two without keys. */
    boolean hashesLike(Distribution other) {
        return key.sameSources(other.key)
                && (key.random()
                        || options.hash().function().equals(other.options.hash().function()));
    }
}
