package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Balancers killed at random moments of a change: afterwards the replicas are those last acknowledged, or the change in
 * doubt is there as a whole. {@code -Dlab.kills=N} takes more than the usual few, {@code -Dlab.seed=N} repeats them.
 */
class JournalIT {
    private static final int KILLS = Integer.getInteger("lab.kills", 3);
    /** About what a change takes on two processors, so that most kills come within it. */
    private static final int ADD_MICROS = 900_000;

    private static final int REMOVE_MICROS = 30_000;

    private static final int MOST_REPLICAS = 4;
    /** In place of a status. */
    private static final int KILLED = 0;
    /** From so many on some changes must have got somewhere: about one kill in fifty comes after the acknowledgement. */
    private static final int MANY_KILLS = 1000;

    private final long seed = Long.getLong("lab.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private int nextName;

    @TempDir
    private Path dir;

    private record Change(String method, String path, List<String> names) {
        List<String> applied(List<String> before) {
            List<String> after = new ArrayList<>(before);
            if (path.equals("/add")) {
                after.addAll(names);
            } else {
                after.removeAll(names);
            }
            return after;
        }

        String body() {
            return "{\"n\":" + names.size() + ",\"hostnames\":[\"" + String.join("\",\"", names) + "\"]}";
        }
    }

    @Test
    void balancer_killedWithinChanges_isBackWithWhatItSaid() throws Exception {
        System.out.printf("journal: -Dlab.seed=%d%n", seed);
        List<String> known = List.of();
        Optional<Change> doubtful = Optional.empty();
        int acknowledged = 0;
        int applied = 0;
        for (int i = 0; i <= KILLS; i++) {
            try (Balancer balancer = Balancer.start(dir, Map.of())) {
                List<String> found = names(balancer);
                if (i > 0) {
                    List<String> before = known;
                    assertThat(found)
                            .as("kill %d seed %d %s", i, seed, doubtful)
                            .isIn(
                                    before,
                                    doubtful.map(change -> change.applied(before))
                                            .orElse(before));
                    applied += found.equals(before) ? 0 : 1;
                }
                Change change = change(found);
                int status = killWithin(balancer, change);
                assertThat(status).as("kill %d seed %d %s", i, seed, change).isIn(200, KILLED);
                boolean answered = status == 200;
                acknowledged += answered ? 1 : 0;
                known = answered ? change.applied(found) : found;
                doubtful = answered ? Optional.empty() : Optional.of(change);
            }
        }
        assertThat(KILLS < MANY_KILLS || (acknowledged > 0 && applied > 0)).isTrue();
        System.out.printf("kills=%d acknowledged=%d in-doubt-and-applied=%d%n", KILLS, acknowledged, applied);
    }

    private Change change(List<String> known) {
        boolean add = known.size() <= 1 || (known.size() < MOST_REPLICAS && random.nextBoolean());
        int n = random.nextInt(1, 3);
        return add
                ? new Change(
                        "POST",
                        "/add",
                        IntStream.range(0, n).mapToObj(_ -> "N" + nextName++).toList())
                : new Change("DELETE", "/rm", known.subList(0, Math.min(n, known.size() - 1)));
    }

    /** Status of the change's answer, if one came before the kill. */
    private int killWithin(Balancer balancer, Change change) throws Exception {
        CompletableFuture<Integer> answered = CompletableFuture.supplyAsync(
                () -> {
                    try (Http http = balancer.http()) {
                        return http.call(change.method(), change.path(), "", change.body())
                                .status();
                    } catch (IOException killed) {
                        return KILLED;
                    }
                },
                Thread::startVirtualThread);
        Thread.sleep(
                Duration.ofNanos(random.nextLong(change.path().equals("/add") ? ADD_MICROS : REMOVE_MICROS) * 1000));
        balancer.kill();
        return answered.join();
    }

    private static List<String> names(Balancer balancer) throws IOException {
        try (Http http = balancer.http()) {
            return List.of(http.get("/rep")
                    .text()
                    .replaceAll(".*\\[(.*)].*", "$1")
                    .replace("\"", "")
                    .split(",", -1));
        }
    }
}
