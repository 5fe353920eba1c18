package dev.ringmaster.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Origin;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The replica answers before it has the whole request. */
class EarlyAnswerIT {
    private static final int LITTLE = 32 << 10;
    private static final int MUCH = 64 << 20;

    private static Origin origin;
    private static Balancer balancer;

    @BeforeAll
    static void start() throws Exception {
        origin = new Origin(EarlyAnswerIT::hasty);
        balancer = Front.of(origin.port(), "threads=1");
    }

    @AfterAll
    static void stop() throws Exception {
        balancer.close();
        origin.close();
    }

    @BeforeEach
    void afresh() throws IOException {
        origin.reset();
        origin.script(EarlyAnswerIT::hasty);
    }

    private static void hasty(Origin.Connection connection) throws IOException {
        while (true) {
            connection.head();
            connection.ok("enough");
        }
    }

    private static String upload(int length) {
        return "POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void littleIsLeft_connectionGoesOnAndUpstreamIsNotUsedAgain() throws Exception {
        try (Client client = new Client(balancer.port())) {
            int connections = origin.connections();
            client.send(upload(LITTLE) + "a".repeat(100));
            assertThat(client.answer().text()).isEqualTo("enough");
            // The rest of the body looks like a request, and is none.
            String smuggled = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n";
            client.send(smuggled + "a".repeat(LITTLE - 100 - smuggled.length()));
            assertThat(client.get("/next").answer().text()).isEqualTo("enough");
            assertThat(origin.connections()).isEqualTo(connections + 2);
            assertThat(origin.heads()).hasSize(2).noneMatch(head -> head.contains("/smuggled"));
        }
    }

    @Test
    void muchIsLeft_clientGetsAnswerAndThenTheEnd() throws Exception {
        try (Client client = new Client(balancer.port())) {
            client.send(upload(MUCH));
            Answer answer = client.answer();
            assertThat(answer.text()).isEqualTo("enough");
            assertThat(answer.value("Connection")).isEqualToIgnoringCase("close");
            Thread sending = Thread.ofVirtual().start(() -> sendUntilStopped(client));
            sending.join();
            Soon.until(() -> origin.open() == 0);
            assertThat(origin.heads()).hasSize(1);
        }
    }

    /** The other side has to stop it, long before all is sent. */
    private static void sendUntilStopped(Client client) {
        byte[] piece = new byte[LITTLE];
        try {
            for (int sent = 0; sent < MUCH; sent += piece.length) {
                client.socket().getOutputStream().write(piece);
            }
        } catch (IOException stopped) {
            return;
        }
        throw new AssertionError("all of it was taken");
    }

    @Test
    void uploadBroken_answerOfReplicaStillReachesClient() throws Exception {
        String refusal = "HTTP/1.1 413 Too Much\r\nConnection: close\r\nContent-Length: 4\r\n\r\nstop";
        origin.script(connection -> {
            connection.head();
            connection.send(refusal);
            connection.reset();
        });
        int answered = 0;
        for (int i = 0; i < 50; i++) {
            try (Client client = new Client(balancer.port())) {
                client.send(upload(LITTLE) + "a".repeat(LITTLE));
                Answer answer = client.answer();
                // A reset may overtake the answer on its way to us: then it is said that there is none.
                assertThat(answer.status()).isIn(413, 502);
                answered += answer.status() == 413 ? 1 : 0;
            }
        }
        System.out.printf("refused uploads whose refusal arrived: %d of 50%n", answered);
        assertThat(origin.heads()).as("none was sent twice").hasSize(50);
    }
}
