package dev.ringmaster.lb.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Finds policies by name: the built-in ones, then those that plugins bring. */
final class Policies {
    private static final List<BalancingPolicyFactory> BUILT_IN = List.of(
            new BuiltIn("consistent-hash", ConsistentHashPolicy::new),
            new BuiltIn("round-robin", RoundRobinPolicy::new),
            new BuiltIn("least-connections", LeastConnectionsPolicy::new),
            new BuiltIn("random", RandomPolicy::new));

    private Policies() {}

    /**
     * The factory of that name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are
     */
    static BalancingPolicyFactory named(String name, ClassLoader plugins) {
        List<BalancingPolicyFactory> all = new ArrayList<>(BUILT_IN);
        ServiceLoader.load(BalancingPolicyFactory.class, plugins).forEach(all::add);
        for (BalancingPolicyFactory factory : all) {
            if (factory.name().equals(name)) {
                return factory;
            }
        }
        throw new IllegalArgumentException("policy '" + name + "' is none of "
                + all.stream().map(BalancingPolicyFactory::name).toList());
    }

    private record BuiltIn(String name, Supplier<BalancingPolicy> supplier) implements BalancingPolicyFactory {
        @Override
        public BalancingPolicy create() {
            return supplier.get();
        }
    }
}
