package dev.ringmaster.hashing;

import com.google.common.hash.Hashing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** The algorithms once more, as plainly as they can be written: from servers to the order of each key hash. */
final class Naive {
    private Naive() {}

    /** The twin of the algorithm of that name; null for classic, which has one of its own. */
    static LongFunction<List<Server>> named(String algorithm, HashOptions options, List<Server> servers) {
        return switch (algorithm) {
            case "rendezvous" -> rendezvous(servers);
            case "capped-rendezvous" -> cappedRendezvous(options, servers);
            case "ketama" -> ketama(options, servers);
            case "maglev" -> maglev(options.maglevTableSize(), servers);
            case "jump" -> jump(servers);
            default -> null;
        };
    }

    static long mix(long value) {
        long a = (value ^ (value >>> 30)) * -4658895280553007687L;
        long b = (a ^ (a >>> 27)) * -7723592293110705685L;
        return b ^ (b >>> 31);
    }

    static long golden(long value) {
        return value * -7046029254386353131L;
    }

    static long seed(Server server) {
        return mix(server.id() + golden(1));
    }

    static List<Server> byId(List<Server> servers) {
        return servers.stream().sorted(Comparator.comparingLong(Server::id)).toList();
    }

    static long score(Server server, long point) {
        return mix(seed(server) ^ point);
    }

    static double cost(Server server, long point) {
        return NegativeLog.of(score(server, point)) / server.weight();
    }

    static LongFunction<List<Server>> rendezvous(List<Server> servers) {
        return key -> servers.stream()
                .sorted(Comparator.<Server>comparingDouble(server -> cost(server, key))
                        .thenComparing(server -> score(server, key), Comparator.reverseOrder()))
                .toList();
    }

    /** All pairs of server and bucket, the cheapest first; each is a match unless one side is taken. */
    static LongFunction<List<Server>> cappedRendezvous(HashOptions options, List<Server> servers) {
        record Pair(Server server, int bucket, double cost, long score) {}
        List<Pair> pairs = new ArrayList<>();
        for (Server server : servers) {
            for (int bucket = 0; bucket < options.buckets(); bucket++) {
                pairs.add(new Pair(server, bucket, cost(server, bucket), score(server, bucket)));
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::cost).thenComparing(Pair::score, Comparator.reverseOrder()));
        Map<Integer, Server> owners = new HashMap<>();
        Map<Server, Integer> counts = new HashMap<>();
        for (Pair pair : pairs) {
            if (!owners.containsKey(pair.bucket)
                    && counts.getOrDefault(pair.server, 0) < cap(options, servers, pair.server)) {
                owners.put(pair.bucket, pair.server);
                counts.merge(pair.server, 1, Integer::sum);
            }
        }
        return key -> {
            int bucket = (int) (golden(key) >>> (64 - Integer.numberOfTrailingZeros(options.buckets())));
            Set<Server> order = new LinkedHashSet<>(List.of(owners.get(bucket)));
            order.addAll(rendezvous(servers).apply(bucket));
            return List.copyOf(order);
        };
    }

    private static int cap(HashOptions options, List<Server> servers, Server server) {
        BigDecimal total =
                BigDecimal.valueOf(servers.stream().mapToDouble(Server::weight).sum());
        return BigDecimal.ONE
                .add(BigDecimal.valueOf(options.epsilon()))
                .multiply(BigDecimal.valueOf(server.weight() * options.buckets()))
                .divide(total, 0, RoundingMode.CEILING)
                .intValueExact();
    }

    static LongFunction<List<Server>> ketama(HashOptions options, List<Server> servers) {
        double total = servers.stream().mapToDouble(Server::weight).sum();
        double unit = Math.min(options.ketamaVirtualNodes(), 1_048_576 / total);
        TreeMap<Long, Server> ring = new TreeMap<>();
        for (Server server : servers) {
            long points = Math.max(1, Math.round(unit * server.weight()));
            for (long j = 0; j < points; j++) {
                ring.put(mix(seed(server) + golden(j)), server);
            }
        }
        return key -> {
            Set<Server> order = new LinkedHashSet<>(ring.tailMap(golden(key)).values());
            order.addAll(ring.values());
            return List.copyOf(order);
        };
    }

    /** Guava's jump hash of the key, then of eight further hashes of it for each server, in the order given. */
    static LongFunction<List<Server>> jump(List<Server> servers) {
        return key -> {
            Set<Server> order = new LinkedHashSet<>();
            order.add(servers.get(Hashing.consistentHash(key, servers.size())));
            for (long j = 1; j < 8L * servers.size(); j++) {
                order.add(servers.get(Hashing.consistentHash(mix(key + golden(j)), servers.size())));
            }
            order.addAll(servers);
            return List.copyOf(order);
        };
    }

    /** The pseudo-code of the paper, with whole permutations; turns come in proportion to the weights. */
    static LongFunction<List<Server>> maglev(int size, List<Server> given) {
        List<Server> servers = byId(given);
        Server[] table = new Server[size];
        List<List<Integer>> permutations = new ArrayList<>();
        for (Server server : servers) {
            long offset = Long.remainderUnsigned(seed(server), size);
            long skip = Long.remainderUnsigned(mix(seed(server)), size - 1) + 1;
            List<Integer> permutation = new ArrayList<>();
            for (long j = 0; j < size; j++) {
                permutation.add((int) ((offset + j * skip) % size));
            }
            permutations.add(permutation);
        }
        double greatest = servers.stream().mapToDouble(Server::weight).max().orElseThrow();
        double[] credit = new double[servers.size()];
        while (Arrays.asList(table).contains(null)) {
            for (int i = 0; i < servers.size(); i++) {
                credit[i] += servers.get(i).weight();
                List<Integer> permutation = permutations.get(i);
                permutation.removeIf(entry -> table[entry] != null);
                if (credit[i] >= greatest && !permutation.isEmpty()) {
                    credit[i] -= greatest;
                    table[permutation.getFirst()] = servers.get(i);
                }
            }
        }
        return key -> {
            List<Server> turned = new ArrayList<>(Arrays.asList(table));
            Collections.rotate(turned, -(int) Math.unsignedMultiplyHigh(golden(key), size));
            Set<Server> order = new LinkedHashSet<>(turned);
            order.addAll(servers);
            return List.copyOf(order);
        };
    }
}
