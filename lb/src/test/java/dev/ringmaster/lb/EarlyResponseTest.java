package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** Final responses that come before the request's body has ended. */
final class EarlyResponseTest extends DataPlaneTest {
    private static String head(int length) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static ScriptedOrigin hasty() throws IOException {
        return new ScriptedOrigin(connection -> {
            connection.head();
            connection.ok("enough").awaitEnd();
        });
    }

    @Test
    void rest_thatIsSmall_isDiscardedAndTheConnectionGoesOn() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = hasty();
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.send(head(64 << 10)).response().text()).isEqualTo("enough");
                client.send(new byte[64 << 10]);
                assertThat(origin.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void rest_thatIsLarge_endsTheConnectionWithTheAnswerReadable() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = hasty();
                RawClient client = proxy.serving(origin).client()) {
            client.send(head(1 << 20));
            RawClient.Response response = client.response();
            assertThat(response.text()).isEqualTo("enough");
            assertThat(response.field("connection")).isEqualTo("close");
            client.send(new byte[70_000]);
            assertThat(client.closed()).isTrue();
        }
    }

    /** Whoever sends all of its request before it reads would lose the next request otherwise. */
    @Test
    void ownAnswer_endsTheConnectionOnlyWhereMuchIsLeft() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(ScriptedOrigin.Connection::head);
                RawClient client = proxy.serving(origin).client()) {
            RawClient.Response little = client.send(head(64 << 10)).response();
            assertThat(little.status()).isEqualTo(502);
            assertThat(little.field("connection")).isEmpty();
            client.send(new byte[64 << 10]);
            RawClient.Response much = client.send(head((64 << 10) + 1)).response();
            assertThat(much.status()).isEqualTo(502);
            assertThat(much.field("connection")).isEqualTo("close");
        }
    }

    @Test
    void refusedUpload_whoseReplicaHangsUp_isAnsweredAsTheReplicaDid() throws IOException {
        DataPlaneFixture proxy = start(DataPlaneFixture.Settings.DEFAULT.maxBody(0));
        // Closing with unread input resets the connection while the balancer is still writing to it.
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
            connection.head();
            connection.read(1000);
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
        })) {
            proxy.serving(origin);
            int answered = 0;
            for (int i = 0; i < 20; i++) {
                try (RawClient client = proxy.client()) {
                    client.send(head(100 << 20));
                    sendAsMuchAsIsTaken(client);
                    RawClient.Response response = client.response();
                    assertThat(response.status()).isIn(413, 502);
                    answered += response.status() == 413 ? 1 : 0;
                }
            }
            // A reset may destroy an answer in the kernel before anybody could read it: rarely.
            assertThat(answered).isGreaterThan(10);
        }
    }

    private static void sendAsMuchAsIsTaken(RawClient client) throws IOException {
        byte[] piece = new byte[32 << 10];
        try {
            for (int i = 0; i < 64; i++) {
                client.send(piece);
            }
        } catch (SocketException closed) {
            assertThat(closed).isNotNull();
        }
    }

    @Test
    void responseAndRequest_atTheSameTime_bothReachTheirEnd() throws IOException {
        DataPlaneFixture proxy = start();
        try (ScriptedOrigin origin = new ScriptedOrigin(connection -> {
                    while (true) {
                        connection.head();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
                        for (int i = 0; i < 3; i++) {
                            connection.send(connection.read(1));
                        }
                    }
                });
                RawClient client = proxy.serving(origin).client()) {
            for (int i = 1; i <= 2; i++) {
                client.send(head(3)).head();
                for (byte b = 'a'; b <= 'c'; b++) {
                    client.send(new byte[] {b});
                    assertThat(client.read(1)).containsExactly(b);
                }
            }
            assertThat(origin.heads()).hasSize(2);
            assertThat(origin.connections())
                    .as("where the answer came early, the replica may take the rest for another request")
                    .isEqualTo(2);
        }
    }
}
