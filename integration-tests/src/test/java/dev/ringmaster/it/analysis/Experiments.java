package dev.ringmaster.it.analysis;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.docker.ComposePool;
import dev.ringmaster.it.docker.Docker;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The experiments: each starts pools of containers of its own and removes them. */
final class Experiments {
    private static final int REQUESTS = 10_000;
    private static final int KILLS = 10;

    /** Answers of one load: by replica in the order of slots. */
    record Shares(Map<String, Long> answers, double mean, double deviation, double peakToMean) {
        static Shares of(List<String> names, JsonNode report) {
            if (report.path("failed").asInt() > 0) {
                throw new IllegalStateException("requests failed: " + report);
            }
            Map<String, Long> answers = new LinkedHashMap<>();
            names.forEach(
                    name -> answers.put(name, report.path("replicas").path(name).asLong()));
            JsonNode spread = report.path("spread");
            return new Shares(
                    answers,
                    spread.path("mean").asDouble(),
                    spread.path("standard_deviation").asDouble(),
                    spread.path("peak_to_mean").asDouble());
        }
    }

    /**
     * The same number of requests twice.
     *
     * @param homes one at a time: nothing but the key decides
     * @param answers 64 at a time
     */
    record Run(Shares homes, Shares answers) {}

    private static ComposePool pool(Algorithm algorithm, int replicas) throws IOException {
        ComposePool pool = new ComposePool(algorithm.on(replicas));
        pool.awaitServing(replicas);
        return pool;
    }

    private static Shares load(ComposePool pool, String connections) throws IOException {
        return Shares.of(pool.names(), pool.load(REQUESTS, "-c", connections).await());
    }

    private static Run run(ComposePool pool) throws IOException {
        return new Run(load(pool, "1"), load(pool, "64"));
    }

    /** 10,000 requests on three replicas. */
    Run three(Algorithm algorithm) throws IOException {
        try (ComposePool pool = pool(algorithm, 3)) {
            return run(pool);
        }
    }

    /** the same on two to six, added one after another. */
    Map<Integer, Run> growing(Algorithm algorithm) throws IOException {
        Map<Integer, Run> runs = new LinkedHashMap<>();
        try (ComposePool pool = pool(algorithm, 2)) {
            for (int n = 2; n <= 6; n++) {
                pool.awaitServing(n);
                runs.put(n, run(pool));
                if (n < 6) {
                    pool.add(1);
                }
            }
        }
        return runs;
    }

    /** A-3, first half: every call with its answer. */
    Map<String, String> endpoints() throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        try (ComposePool pool = pool(Algorithm.ALL.getFirst(), 3);
                Http http = pool.http()) {
            note(answers, "GET /rep", http.get("/rep"));
            note(answers, "GET /home", http.get("/home"));
            String more = "{\"n\":2,\"hostnames\":[\"S5\"]}";
            note(answers, "POST /add " + more, http.post("/add", more));
            String less = "{\"n\":1,\"hostnames\":[\"S5\"]}";
            note(answers, "DELETE /rm " + less, http.delete("/rm", less));
            note(answers, "GET /other", http.get("/other"));
            note(answers, "POST /add {\"n\":0}", http.post("/add", "{\"n\":0}"));
        }
        return answers;
    }

    private static void note(Map<String, String> answers, String call, Answer answer) {
        answers.put(call, answer.status() + " " + answer.text());
    }

    /** A-3, second half: milliseconds from a kill to as many replicas as before, under load, no request lost. */
    List<Long> recoveries() throws IOException {
        List<Long> millis = new ArrayList<>();
        try (ComposePool pool = pool(Algorithm.ALL.getFirst(), 3)) {
            Load load = pool.load(2_000 * KILLS, "--rate", "1000");
            for (int i = 0; i < KILLS; i++) {
                String victim = pool.names().get(i % 3);
                Docker.run("kill", victim);
                long killed = System.nanoTime();
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> !pool.names().contains(victim));
                pool.awaitServing(3);
                millis.add((System.nanoTime() - killed) / 1_000_000);
            }
            Shares.of(pool.names(), load.await());
        }
        return millis;
    }
}
