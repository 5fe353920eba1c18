package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two replicas that take a request whole and then break: which requests the next one hears, and how often. */
class AgainIT {
    private static final AtomicInteger BREAKS = new AtomicInteger();

    private static Origin first;
    private static Origin second;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        first = new Origin(AgainIT::breaking);
        second = new Origin(AgainIT::breaking);
        balancer = Front.of(
                List.of(first.port(), second.port()),
                "health.interval=24h",
                "policy=round-robin",
                "proxy.wait-for-replica=100ms");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        first.close();
        second.close();
    }

    @BeforeEach
    void afresh() throws Exception {
        first.reset();
        second.reset();
    }

    private static void breaking(Origin.Connection connection) throws IOException {
        while (true) {
            connection.request();
            if (BREAKS.getAndDecrement() > 0) {
                return;
            }
            connection.ok("hello");
        }
    }

    private static int status(String method, int length) throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send(method + " / HTTP/1.1\r\nHost: test\r\n"
                    + (length > 0 ? "Content-Length: " + length + "\r\n\r\n" + "a".repeat(length) : "\r\n"));
            return client.answer(method.equals("HEAD")).status();
        }
    }

    /** 64 KiB of a body are held for another attempt. */
    @ParameterizedTest
    @CsvSource({
        "GET, 0, 200, 2",
        "OPTIONS, 0, 200, 2",
        "DELETE, 0, 200, 2",
        "PUT, 10, 200, 2",
        "PUT, 32768, 200, 2",
        "PUT, 65537, 502, 1",
        "POST, 0, 502, 1",
        "POST, 10, 502, 1",
        "PATCH, 10, 502, 1",
        "UNKNOWN, 0, 502, 1"
    })
    void request_broken_sentAgainIfIdempotentAndHeld(String method, int length, int status, int heard)
            throws Exception {
        BREAKS.set(1);
        assertThat(status(method, length)).isEqualTo(status);
        assertThat(first.heads().size() + second.heads().size()).isEqualTo(heard);
    }

    @ParameterizedTest
    @CsvSource({"GET, 0", "PUT, 10"})
    void request_brokenByEverybody_heardOnceByEach(String method, int length) throws Exception {
        BREAKS.set(10);
        assertThat(status(method, length)).isEqualTo(502);
        assertThat(first.heads()).hasSize(1);
        assertThat(second.heads()).hasSize(1);
    }
}
