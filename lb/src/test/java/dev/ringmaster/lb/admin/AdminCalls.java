package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.http.Reply;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Calls of an {@link AdminApi} over a pool of three, from loopback unless told otherwise. */
abstract class AdminCalls {
    final FakeControl control = new FakeControl();
    final Map<String, String> fields = new HashMap<>(Map.of("host", "localhost:5000"));
    final Map<String, String> settings = new TreeMap<>(Map.of("policy", "consistent-hash"));
    final BalanceOptions distribution = new BalanceOptions(
            "consistent-hash",
            new BalanceOptions.HashRing("rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
            List.of("uri"));
    final RoutingTables tables = new RoutingTables(distribution, AdminCalls.class.getClassLoader());
    final BalanceApi balance = new BalanceApi(tables, () -> settings, this::change);
    AdminApi api = api(options("", false, true));
    InetAddress peer = InetAddress.getLoopbackAddress();

    AdminCalls() {
        control.pool = FakeControl.serving("S1", "S2", "S3");
    }

    private void change(Map<String, String> changes) {
        if (changes.containsKey("port")) {
            throw new IllegalArgumentException("Only a restart changes port");
        }
        settings.putAll(changes);
    }

    final AdminApi api(AdminOptions options) {
        return new AdminApi(options, control, () -> "up 1\n", Runnable::run, balance);
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
        int mark = path.indexOf('?');
        String query = mark < 0 ? "" : path.substring(mark + 1);
        String bare = mark < 0 ? path : path.substring(0, mark);
        return api.handleSecond(request(method, bare, query, body.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
    }

    AdminRequest request(String method, String path, byte[] body) {
        return request(method, path, "", body);
    }

    private AdminRequest request(String method, String path, String query, byte[] body) {
        return new AdminRequest(method, path, query, name -> fields.get(name.toLowerCase(Locale.ROOT)), body, peer);
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
