package dev.ringmaster.lb.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds policies by name: the built-in ones, then those that plugins bring. */
final class Policies {
    /** The one policy that goes by the key. */
    static final String CONSISTENT_HASH = "consistent-hash";

    private static final List<BalancingPolicyFactory> BUILT_IN = List.of(
            new BuiltIn(CONSISTENT_HASH, ConsistentHashPolicy::new),
            new BuiltIn("round-robin", _ -> new RoundRobinPolicy()),
            new BuiltIn("least-connections", _ -> new CheapestFirst.LeastConnections()),
            new BuiltIn("least-response-time", _ -> new LeastResponseTimePolicy(System::nanoTime)),
            new BuiltIn("power-of-d", _ -> new CheapestFirst.PowerOfChoices()),
            new BuiltIn("random", _ -> new CheapestFirst.AtRandom()),
            new BuiltIn("first-available", _ -> new FirstAvailablePolicy()));

    /** Not a policy of its own: a cookie before another one. */
    static final String STICKY = "sticky";

    private Policies() {}

    /**
     * The factory of that name.
     *
     * @throws IllegalArgumentException if there is none, naming those that there are; or if it is not built in and a
     *     plugin cannot be loaded, naming that
     */
    static BalancingPolicyFactory named(String name, ClassLoader plugins) {
        return find(name, BUILT_IN)
                .or(() -> find(name, plugged(plugins)))
                .orElseThrow(() -> new IllegalArgumentException("policy '" + name + "' is none of " + names(plugins)));
    }

    private static Optional<BalancingPolicyFactory> find(String name, List<BalancingPolicyFactory> factories) {
        return factories.stream().filter(factory -> factory.name().equals(name)).findFirst();
    }

    private static List<String> names(ClassLoader plugins) {
        List<BalancingPolicyFactory> all = new ArrayList<>(BUILT_IN);
        all.addAll(plugged(plugins));
        return Stream.concat(all.stream().map(BalancingPolicyFactory::name), Stream.of(STICKY))
                .toList();
    }

    private static List<BalancingPolicyFactory> plugged(ClassLoader plugins) {
        List<BalancingPolicyFactory> plugged = new ArrayList<>();
        try {
            ServiceLoader.load(BalancingPolicyFactory.class, plugins).forEach(plugged::add);
        } catch (ServiceConfigurationError | LinkageError broken) {
            throw new IllegalArgumentException("a plugin cannot be loaded: " + broken.getMessage(), broken);
        }
        return plugged;
    }

    /** A policy for the event loop that sees this load. */
    static BalancingPolicy create(BalancingPolicyFactory factory, LoopLoad load) {
        return factory instanceof BuiltIn builtIn ? builtIn.maker().apply(load) : factory.create();
    }

    /** A policy that may ask for the load. */
    private record BuiltIn(String name, Function<LoopLoad, BalancingPolicy> maker) implements BalancingPolicyFactory {
        @Override
        public BalancingPolicy create() {
            return maker.apply(LoopLoad.ofNoLoop());
        }
    }
}
