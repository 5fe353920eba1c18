package dev.ringmaster.hashing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Random memberships, the same ones for the same seed: {@code -Dhashing.seed=…} and {@code -Dhashing.cases=…}. */
final class RandomCases {
    static final int COUNT = Integer.getInteger("hashing.cases", 1000);
    private static final double[] WEIGHTS = {0.5, 1, 1, 1, 2, 2.5, 7};

    final long seed;
    final RandomGenerator random;

    RandomCases(String what) {
        seed = Long.getLong("hashing.seed", System.nanoTime());
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        System.out.println(what + ": -Dhashing.seed=" + seed);
    }

    /** Between 1 and {@code most} servers, in random order, with close or with random identities. */
    List<Server> servers(int most, boolean weighted) {
        int count = 1 + random.nextInt(most);
        boolean close = random.nextBoolean();
        boolean equal = !weighted || random.nextInt(3) == 0;
        Map<Long, Server> servers = new LinkedHashMap<>();
        while (servers.size() < count) {
            long id = close ? random.nextInt(2 * most) : random.nextLong();
            double weight = equal ? 1 : WEIGHTS[random.nextInt(WEIGHTS.length)];
            servers.putIfAbsent(id, new Server(id, weight));
        }
        return new ArrayList<>(servers.values());
    }

    /** The hash over {@code servers}, made at once or server by server with a stranger that comes and goes. */
    ConsistentHash<Server> build(String algorithm, HashOptions options, List<Server> servers) {
        if (random.nextBoolean()) {
            return Server.hash(algorithm, options, servers);
        }
        int half = servers.size() / 2;
        Server stranger = new Server(-77, 1);
        ConsistentHash<Server> hash =
                Server.hash(algorithm, options, servers.subList(0, half)).with(stranger);
        for (Server server : servers.subList(half, servers.size())) {
            hash = hash.with(server, server.weight());
        }
        return hash.without(stranger);
    }
}
