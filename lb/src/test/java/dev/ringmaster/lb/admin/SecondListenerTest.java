package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecondListenerTest extends AdminCalls {
    @Test
    void secondListener_onReplicas_worksLikeTheClassicCalls() {
        assertThat(text(second("GET", "/api/v1/replicas", "")))
                .startsWith(text(call("GET", "/rep", "")).replace("},\"status\":\"successful\"}", ",\"slots\":["));
        assertThat(second("POST", "/api/v1/replicas", "{\"n\":2,\"hostnames\":[\"ab\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(second("DELETE", "/api/v1/replicas", "{\"n\":1}").status()).isEqualTo(200);
        assertThat(control.calls).containsExactly("add 2 [ab]", "remove 1 []");
        assertReply(second("POST", "/api/v1/replicas", "{}"), 400, failure("'n' must be a positive integer"));
        assertThat(second("PUT", "/api/v1/replicas", "").fields())
                .containsExactly(entry("Allow", "GET, HEAD, POST, DELETE"));
        fields.put("sec-fetch-site", "cross-site");
        assertThat(second("POST", "/api/v1/replicas", "{\"n\":1}").status()).isEqualTo(403);
    }

    @Test
    void secondListener_onAnotherPath_hasNothing() {
        for (String path : List.of("/", "/rep", "/add", "/api/v1/replicas/", "/home")) {
            assertReply(second("POST", path, "{\"n\":1}"), 404, failure("Not found"));
        }
        assertThat(control.calls).isEmpty();
    }

    @Test
    void healthz_answersWhateverThePool() {
        control.pool = ReplicaSet.EMPTY;

        assertReply(second("GET", "/healthz", ""), 200, "{\"message\":\"alive\",\"status\":\"successful\"}");
        assertThat(second("POST", "/healthz", "").fields()).containsExactly(entry("Allow", "GET, HEAD"));
    }

    @Test
    void readyz_whileOneServes_namesTheOthers() {
        control.pool = new ReplicaSet(
                List.of(FakeControl.slot(0, "S1", ReplicaState.UP), FakeControl.slot(4, "S2", ReplicaState.DOWN)),
                List.of());

        assertReply(
                second("GET", "/readyz", ""),
                200,
                "{\"message\":{\"N\":2,\"serving\":1,\"degraded\":[{\"slot\":4,\"replica\":\"S2\",\"state\":\"down\"}]},"
                        + "\"status\":\"successful\"}");
    }

    @Test
    void replicas_thatAreEjected_areSaidToBeWithReasonAndRest() {
        Slot ejected = FakeControl.slot(4, "S2", ReplicaState.UP)
                .ejected(new Ejection(Ejection.Reason.SUCCESS_RATE, System.nanoTime() - 1));
        control.pool = new ReplicaSet(List.of(FakeControl.slot(0, "S1", ReplicaState.UP), ejected), List.of());
        String said =
                "{\"slot\":4,\"replica\":\"S2\",\"state\":\"ejected\",\"reason\":\"success-rate\",\"remainingMs\":0}";

        assertReply(
                second("GET", "/api/v1/replicas", ""),
                200,
                "{\"message\":{\"N\":2,\"replicas\":[\"S1\",\"S2\"],\"slots\":["
                        + "{\"slot\":0,\"replica\":\"S1\",\"state\":\"up\"}," + said + "]},\"status\":\"successful\"}");
        assertReply(
                second("GET", "/readyz", ""),
                200,
                "{\"message\":{\"N\":2,\"serving\":1,\"degraded\":[" + said + "]},\"status\":\"successful\"}");
    }

    @Test
    void readyz_whileASlotIsNew_saysHowFarItIs() {
        BalanceOptions.Tuning tuning = distribution.tuning();
        tables.reconfigure(new BalanceOptions(
                distribution.policy(),
                distribution.hash(),
                distribution.key(),
                new BalanceOptions.Tuning(1.25, 2, tuning.sticky(), 10_000, false, 0.5, Duration.ofSeconds(10))));
        tables.publish(control.pool);
        List<Slot> slots = new ArrayList<>(control.pool.slots());
        slots.set(2, FakeControl.slot(2, "S3", ReplicaState.UP));
        control.pool = new ReplicaSet(slots, List.of());
        tables.publish(control.pool);
        assertThat(text(second("GET", "/readyz", ""))).contains("\"degraded\":[],\"ramping\":{\"2\":\"10 %\"}}");
        assertThat(text(second("GET", "/api/v1/explain?key=x", ""))).contains("\"ramping\":\"10 %\"");
    }

    @Test
    void readyz_whileNoneServes_isUnavailable() {
        control.pool = new ReplicaSet(
                List.of(
                        FakeControl.slot(0, "S1", ReplicaState.FAILED),
                        FakeControl.slot(1, "S2", ReplicaState.STARTING)),
                List.of());
        Reply reply = second("GET", "/readyz", "");
        assertReply(
                reply, 503, failure("No server replicas available; degraded slots: 0 (S1, failed), 1 (S2, starting)"));
        assertThat(reply.fields()).containsExactly(entry("Retry-After", "1"));

        control.pool = ReplicaSet.EMPTY;
        assertReply(second("GET", "/readyz", ""), 503, failure("No server replicas available"));
    }

    @Test
    void metrics_areTextAndAFailureIsAnError() {
        Reply reply = second("GET", "/metrics", "");
        assertReply(reply, 200, "up 1\n");
        assertThat(reply.contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");

        api = new AdminApi(
                options("", false, true),
                control,
                () -> {
                    throw new IllegalStateException("bug");
                },
                Runnable::run,
                balance);
        assertReply(second("GET", "/metrics", ""), 500, failure("Internal error"));
    }
}
