package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A replica closes a pooled connection just as the next request is sent on it. */
class StalePoolIT {
    private static final int ROUNDS = 500;
    private static final int LATEST_NANOS = 400_000;

    private static Origin origin;
    private static Balancer balancer;

    /** When the connection ends that has served one request. */
    enum End {
        AT_ONCE,
        WITH_RESET_AT_ONCE,
        A_MOMENT_LATER,
        WITH_NEXT_REQUEST_READ,
        WITH_RESET_AND_NEXT_REQUEST_READ
    }

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.echoing();
        balancer = Front.of(origin.port(), "threads=1");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @BeforeEach
    void afresh() throws Exception {
        origin.reset();
    }

    private static Origin.Script ending(End end) {
        SplittableRandom random = new SplittableRandom(1);
        return connection -> {
            connection.ok(connection.request());
            switch (end) {
                case AT_ONCE -> {}
                case WITH_RESET_AT_ONCE -> connection.reset();
                case A_MOMENT_LATER -> LockSupport.parkNanos(random.nextInt(LATEST_NANOS));
                case WITH_NEXT_REQUEST_READ -> connection.request();
                case WITH_RESET_AND_NEXT_REQUEST_READ -> {
                    connection.request();
                    connection.reset();
                }
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void get_onDyingConnection_neverFails(End end) throws Exception {
        origin.script(ending(end));
        int failed = 0;
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < ROUNDS; i++) {
                Answer answer = client.get("/" + i).answer();
                boolean own = answer.text().startsWith("GET /" + i + " HTTP/1.1\r\n");
                // Here the reset may overtake the answer itself, which is no fault of a stale connection.
                boolean overtaken = end == End.WITH_RESET_AT_ONCE && answer.status() == 502;
                failed += own || overtaken ? 0 : 1;
            }
        }
        System.out.printf("idle connection ended %s: %d of %d requests failed%n", end, failed, ROUNDS);
        assertThat(failed).isZero();
    }

    @Test
    void post_onDyingConnection_neverHeardTwice() throws Exception {
        origin.script(ending(End.WITH_NEXT_REQUEST_READ));
        int failed = 0;
        try (Client client = new Client(balancer.port())) {
            for (int i = 0; i < ROUNDS; i++) {
                String start = "POST /" + i + " ";
                client.send(start + "HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
                failed += client.answer().status() == 200 ? 0 : 1;
                assertThat(origin.heads().stream().filter(head -> head.startsWith(start)))
                        .hasSize(1);
            }
        }
        System.out.printf("posts of which nobody knows whether they were carried out: %d of %d%n", failed, ROUNDS);
        // Every second one meets the connection that dies with it.
        assertThat(failed).isBetween(1, ROUNDS / 2);
    }
}
