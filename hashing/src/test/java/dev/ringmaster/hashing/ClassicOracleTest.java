package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The classic ring against its plain twin, over random sizes and random histories of nodes that come and go. */
class ClassicOracleTest {

    @Test
    void literal_randomHistories_equalsPlainRing() {
        compare(ClassicIds.LITERAL, RandomCases.COUNT, 64, 10);
    }

    @Test
    void balanced_randomHistories_equalsPlainRing() {
        compare(ClassicIds.BALANCED, RandomCases.COUNT / 5, 32, 5);
    }

    private static void compare(ClassicIds ids, int count, int mostPositions, int mostServers) {
        RandomCases cases = new RandomCases("classic " + ids);
        for (int i = 0; i < count; i++) {
            int virtualNodes = 1 + cases.random.nextInt(4);
            int least = virtualNodes * mostServers;
            int size = least + cases.random.nextInt(Math.max(1, mostPositions - least));
            Probing probing = cases.random.nextBoolean() ? Probing.LINEAR : Probing.QUADRATIC;
            HashOptions options = HashOptions.defaults()
                    .withRing(size, virtualNodes)
                    .withProbing(probing)
                    .withClassicIds(ids);
            NaiveClassic naive = new NaiveClassic(size, virtualNodes, probing);
            List<Server> servers = cases.servers(mostServers, false);
            List<Integer> expectedIds = new ArrayList<>();
            ConsistentHash<Server> hash = Server.hash("classic", options, List.of());
            if (cases.random.nextBoolean()) {
                hash = Server.hash("classic", options, servers);
                servers.forEach(_ -> expectedIds.add(addTo(naive, ids)));
            }
            for (int step = 0; step < 2 * mostServers; step++) {
                List<Server> present = hash.nodes();
                List<Server> absent =
                        servers.stream().filter(s -> !present.contains(s)).toList();
                if (!absent.isEmpty() && (present.isEmpty() || cases.random.nextInt(4) > 0)) {
                    hash = hash.with(absent.get(cases.random.nextInt(absent.size())));
                    expectedIds.add(addTo(naive, ids));
                } else {
                    int gone = cases.random.nextInt(present.size());
                    hash = hash.without(present.get(gone));
                    naive.remove(expectedIds.get(gone));
                    expectedIds.subList(gone, gone + 1).clear();
                }
            }
            if (!hash.nodes().isEmpty()) {
                assertSame("seed %d, case %d".formatted(cases.seed, i), (Classic<Server>) hash, naive, expectedIds);
            }
        }
    }

    private static int addTo(NaiveClassic naive, ClassicIds ids) {
        int id = ids == ClassicIds.LITERAL ? naive.smallestFree() : naive.mostEvenFree();
        naive.add(id);
        return id;
    }

    private static void assertSame(String what, Classic<Server> hash, NaiveClassic naive, List<Integer> ids) {
        for (int i = 0; i < ids.size(); i++) {
            assertThat(hash.id(i)).as(what).isEqualTo(ids.get(i));
        }
        Candidates<Server> candidates = hash.candidates();
        for (long request = -70; request < 70; request += 3) {
            List<Server> expected = naive.order(request).stream()
                    .map(id -> hash.nodes().get(ids.indexOf(id)))
                    .toList();
            assertThat(OracleTest.drain(candidates.reset(request))).as(what).isEqualTo(expected);
            assertThat(hash.owner(request)).as(what).isEqualTo(expected.getFirst());
        }
    }
}
