package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.http.Reply;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Calls of an {@link AdminApi} over a pool of three, from loopback unless told otherwise. */
abstract class AdminCalls {
    final FakeControl control = new FakeControl();
    final Map<String, String> fields = new HashMap<>(Map.of("host", "localhost:5000"));
    AdminApi api = api(options("", false, true));
    InetAddress peer = InetAddress.getLoopbackAddress();

    AdminCalls() {
        control.pool = FakeControl.serving("S1", "S2", "S3");
    }

    final AdminApi api(AdminOptions options) {
        return new AdminApi(options, control, () -> "up 1\n", Runnable::run);
    }

    static AdminOptions options(String token, boolean clamp, boolean classicPaths) {
        return new AdminOptions("127.0.0.1", 5001, token, List.of(), false, Set.of(), clamp, classicPaths);
    }

    Reply call(String method, String path, String body) {
        return call(method, path, body.getBytes(StandardCharsets.UTF_8));
    }

    Reply call(String method, String path, byte[] body) {
        return api.handle(request(method, path, body)).toCompletableFuture().join();
    }

    Reply second(String method, String path, String body) {
        return api.handleSecond(request(method, path, body.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
    }

    AdminRequest request(String method, String path, byte[] body) {
        return new AdminRequest(method, path, name -> fields.get(name.toLowerCase(Locale.ROOT)), body, peer);
    }

    static String failure(String text) {
        return "{\"message\":\"<Error> " + text + "\",\"status\":\"failure\"}";
    }

    static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    static void assertReply(Reply reply, int status, String body) {
        assertThat(text(reply)).isEqualTo(body);
        assertThat(reply.status()).isEqualTo(status);
    }
}
