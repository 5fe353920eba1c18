package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All replicas are down: who waits for one, and for how long. */
class WaitIT {
    private static final int CLIENTS = 200;
    private static final String POST = "POST /p HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi";

    private static Balancer balancer(Origin origin, String wait) throws Exception {
        return Front.of(List.of(origin.port()), "health.interval=50ms", "proxy.wait-for-replica=" + wait);
    }

    private static void die(Origin origin, Balancer balancer) throws Exception {
        origin.close();
        Soon.until(() -> balancer.log().stream().anyMatch(line -> line.contains(" state=DOWN")));
    }

    @Test
    void requests_whileReplicaIsDown_answeredWhenItIsBack() throws Exception {
        Origin mortal = Origin.answering("before");
        List<Client> clients = new ArrayList<>();
        try (Balancer balancer = balancer(mortal, "2m")) {
            die(mortal, balancer);
            for (int i = 0; i < CLIENTS; i++) {
                Client client = new Client(balancer.port());
                clients.add(i % 2 == 0 ? client.get("/") : client.send(POST));
            }
            try (Origin back = new Origin(mortal.port(), Origin.answers("after"))) {
                for (Client client : clients) {
                    assertThat(client.answer().text()).isEqualTo("after");
                    client.close();
                }
                assertThat(back.heads().stream().filter(head -> head.startsWith("POST")))
                        .as("each once")
                        .hasSize(CLIENTS / 2);
            }
        }
    }

    @Test
    void request_thatWaitsInVain_503AfterTheTimeThatWasSet() throws Exception {
        Origin mortal = Origin.answering("before");
        try (Balancer balancer = balancer(mortal, "1s")) {
            die(mortal, balancer);
            try (Client client = new Client(balancer.port())) {
                // This one may come before its event loop has heard of the death.
                assertThat(client.get("/").answer().status()).isIn(502, 503);
                long start = System.nanoTime();
                Answer answer = client.send(POST).answer();
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.value("Retry-After")).isEqualTo("1");
                assertThat(answer.text())
                        .isEqualTo("{\"message\":\"<Error> No server replicas available\",\"status\":\"failure\"}");
                assertThat(took).isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
            }
        }
    }
}
