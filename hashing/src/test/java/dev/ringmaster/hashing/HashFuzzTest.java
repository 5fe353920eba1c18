package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Any bytes as options and members of any algorithm: a table that keeps the algorithm's promises, or one of the refusals.
 * The first byte chooses the algorithm, the next four its options, then each pair is the identity and weight of a member.
 */
final class HashFuzzTest {
    private static final double[] WEIGHTS = {1, 1, 1, 0.5, 2.5, 7, 0.001, 1000};
    private static final int[] PRIMES = {2, 3, 17, 251};
    private static final double[] EPSILONS = {0.0001, 0.01, 0.05, 1};
    private static final KeySample KEYS = KeySample.random(64, 5);
    private static final int ORDERS = 6;
    private static final Set<String> WITHOUT_WEIGHTS = Set.of("classic", "jump");
    /** A removal moves no key but those of the node that goes. */
    private static final Set<String> LEAST_MOVES = Set.of("rendezvous", "ketama", "classic");

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 5 || input.length > 40) {
            return;
        }
        List<String> names = ConsistentHashes.names();
        String algorithm = names.get(Math.floorMod(input[0], names.size()));
        ByteBuffer rest = ByteBuffer.wrap(input, 1, input.length - 1);
        HashOptions options = options(rest);
        List<Server> servers = new ArrayList<>();
        while (rest.remaining() >= 2) {
            long id = rest.get();
            byte kind = rest.get();
            servers.add(new Server(kind < 0 ? Mixing.mix(id) : id, WEIGHTS[kind & 7]));
        }
        ConsistentHash<Server> hash;
        try {
            hash = Server.hash(algorithm, options, servers);
        } catch (IllegalArgumentException e) {
            assertThat(isImpossible(algorithm, options, servers))
                    .as(e.getMessage())
                    .isTrue();
            return;
        }
        assertThat(isImpossible(algorithm, options, servers)).isFalse();
        if (!servers.isEmpty()) {
            keepsOrder(hash, Naive.named(algorithm, options, servers));
            keepsCaps(hash, options);
            changes(algorithm, hash, servers.get(Math.floorMod(input[input.length - 1], servers.size())));
        }
    }

    private static HashOptions options(ByteBuffer bytes) {
        int ringSize = 1 + (bytes.get() & 63);
        int virtualNodes = 1 + (bytes.get() & 7) % ringSize;
        int sizes = bytes.get();
        int modes = bytes.get();
        return HashOptions.defaults()
                .withRing(ringSize, virtualNodes)
                .withProbing((modes & 1) == 0 ? Probing.LINEAR : Probing.QUADRATIC)
                .withClassicIds((modes & 2) == 0 ? ClassicIds.BALANCED : ClassicIds.LITERAL)
                .withEpsilon(EPSILONS[modes >> 2 & 3])
                .withMaglevTableSize(PRIMES[sizes & 3])
                .withKetamaVirtualNodes(1 + (sizes >> 2 & 3))
                .withBuckets(256 << (sizes >> 4 & 1));
    }

    private static boolean isImpossible(String algorithm, HashOptions options, List<Server> servers) {
        return servers.stream().map(Server::id).distinct().count() < servers.size()
                || (WITHOUT_WEIGHTS.contains(algorithm) && servers.stream().anyMatch(server -> server.weight() != 1))
                || (algorithm.equals("classic") && servers.size() * options.virtualNodes() > options.ringSize());
    }

    /** Each key's order is that of the plain twin, and in any case every node once, the owner first. */
    private static void keepsOrder(ConsistentHash<Server> hash, LongFunction<List<Server>> naive) {
        Candidates<Server> candidates = hash.candidates();
        for (long i = 0; i < ORDERS; i++) {
            long key = KEYS.keyHash().applyAsLong(i);
            List<Server> order = OracleTest.drain(candidates.reset(key));
            assertThat(order).containsExactlyInAnyOrderElementsOf(hash.nodes()).startsWith(hash.owner(key));
            AliveSet others = AliveSet.all(order.size()).without(hash.ownerIndex(key));
            int heir = candidates.reset(key).nextIndex(others);
            assertThat(heir).isEqualTo(order.size() == 1 ? -1 : hash.nodes().indexOf(order.get(1)));
            if (naive != null) {
                assertThat(order).isEqualTo(naive.apply(key));
            }
        }
    }

    private static void keepsCaps(ConsistentHash<Server> hash, HashOptions options) {
        if (hash instanceof CappedRendezvous) {
            Spread spread = Spread.of(hash, KeySample.everyBucket(hash));
            double total = hash.nodes().stream().mapToDouble(Server::weight).sum();
            for (int i = 0; i < hash.nodes().size(); i++) {
                double fair = hash.weight(i) / total * options.buckets();
                assertThat(spread.count(i)).isLessThanOrEqualTo((long) Math.ceil((1 + options.epsilon()) * fair));
            }
        }
    }

    /** What goes takes its own keys with it, and where history means nothing its return brings all of them back. */
    private static void changes(String algorithm, ConsistentHash<Server> hash, Server gone) {
        ConsistentHash<Server> less = hash.without(gone);
        Server last = hash.nodes().getLast();
        ConsistentHash<Server> again = less.with(gone, gone.weight());
        for (long i = 0; i < KEYS.size(); i++) {
            long key = KEYS.keyHash().applyAsLong(i);
            Server owner = hash.owner(key);
            boolean stays = LEAST_MOVES.contains(algorithm) || (algorithm.equals("jump") && !owner.equals(last));
            if (stays && !owner.equals(gone)) {
                assertThat(less.owner(key)).isEqualTo(owner);
            }
            if (!WITHOUT_WEIGHTS.contains(algorithm)) {
                assertThat(again.owner(key)).isEqualTo(owner);
            }
        }
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/HashFuzzTest"))) {
            return files.sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            "" + file.getFileName(), () -> fuzzerTestOneInput(Files.readAllBytes(file))))
                    .toList();
        }
    }
}
