package dev.ringmaster.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets how many of 10,000 requests, over real sockets, against the exact shares. */
class DistributionIT {
    private static final int REQUESTS = 10_000;
    /** Quantile of χ² with two degrees of freedom at 1 - 1e-6. */
    private static final double CHI_SQUARE = 27.63;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({
        "hash.algorithm=capped-rendezvous, hash.key=random, 3333.3, 3333.3, 3333.4",
        "policy=random, hash.key=random, 3333.3, 3333.3, 3333.4",
        "hash.algorithm=classic, hash.classic-ids=literal, 8437, 469, 1094",
        "hash.algorithm=classic, hash.classic-ids=balanced, 3359, 3359, 3281"
    })
    void shares_ofRandomKeys_areThoseOfTheTable(String first, String second, double s1, double s2, double s3)
            throws IOException {
        // Shares are of homes: a bound would send requests elsewhere while a replica is still warming up.
        String unbounded = "hash.balance-factor=off";
        try (Balancer balancer = Balancer.start(dir, Map.of(), first, second, unbounded)) {
            await().until(() -> {
                try (Http http = new Http(balancer.adminPort())) {
                    return http.get("/readyz").text().contains("\"serving\":3,");
                }
            });
            JsonNode report = Load.start(balancer, REQUESTS).await();
            assertThat(report.path("failed").asInt()).isZero();
            double chiSquare = term(report, "S1", s1) + term(report, "S2", s2) + term(report, "S3", s3);
            System.err.printf("%s %s: %s, chi-square %.2f%n", first, second, report.path("replicas"), chiSquare);
            assertThat(chiSquare).as("%s", report.path("replicas")).isLessThan(CHI_SQUARE);
        }
    }

    private static double term(JsonNode report, String name, double expected) {
        double difference = report.path("replicas").path(name).asDouble() - expected;
        return difference * difference / expected;
    }
}
