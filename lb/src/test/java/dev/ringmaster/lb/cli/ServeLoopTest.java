package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServeLoopTest {
    private final List<String> done = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final ServeLoop loop = new ServeLoop(() -> now, () -> done.add("abort"));

    private void run() throws InterruptedException {
        loop.run(() -> done.add("reload"), () -> done.add("stop"));
    }

    @Test
    void run_wishesBeforeIt_areFulfilledInOrder() throws InterruptedException {
        loop.wishReload();
        loop.wishReload();
        loop.wishStop();
        loop.wishReload();

        run();

        assertThat(done).containsExactly("reload", "reload", "stop");
    }

    @Test
    void wishStop_twiceInAMoment_isOneWish() throws InterruptedException {
        loop.wishStop();
        now = now.plusSeconds(1);
        loop.wishStop();

        run();

        assertThat(done).containsExactly("stop");
    }

    @Test
    void wishStop_againLater_abortsAtOnce() {
        loop.wishStop();
        now = now.plusMillis(1001);
        loop.wishStop();

        assertThat(done).containsExactly("abort");
    }

    @Test
    void handedOver_stopsIt_andALaterSignalDoesNotAbort() throws InterruptedException {
        loop.handedOver();
        now = now.plusSeconds(5);
        assertThat(loop.stopWished()).isFalse();
        loop.wishStop();
        assertThat(loop.stopWished()).isTrue();

        run();

        assertThat(done).containsExactly("stop");
    }

    @Test
    void run_balancerEndsUnasked_fails() {
        loop.ended();

        assertThatThrownBy(this::run).isInstanceOf(CommandFailure.class).hasMessageContaining("stopped unasked");
        assertThat(done).isEmpty();
    }
}
