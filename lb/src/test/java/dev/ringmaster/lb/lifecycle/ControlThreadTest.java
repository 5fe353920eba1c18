package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlThreadTest {
    @Test
    void tasks_runInOrderOnOneThreadAlsoAfterOneThatFailed() throws Exception {
        try (ControlThread control = ControlThread.start()) {
            List<String> ran = new ArrayList<>();
            CompletableFuture<String> last = new CompletableFuture<>();
            long before = control.nanos();
            control.execute(() -> ran.add("a"));
            control.execute(() -> {
                throw new IllegalStateException("on purpose");
            });
            control.execute(() -> ran.add("b"));
            // On the thread itself, so that it cannot have run before it is called off.
            control.execute(() -> control.schedule(Duration.ofMillis(5), () -> ran.add("called off"))
                    .run());
            control.schedule(
                    Duration.ofMillis(20),
                    () -> last.complete(Thread.currentThread().getName()));
            assertThat(last.get(1, TimeUnit.MINUTES)).isEqualTo("lb-control");
            assertThat(ran).containsExactly("a", "b");
            assertThat(control.nanos() - before)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void offloadedWork_thatBlocks_doesNotKeepTheControlThread() throws Exception {
        try (ControlThread control = ControlThread.start()) {
            CountDownLatch free = new CountDownLatch(1);
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            control.offload(() -> {
                try {
                    done.complete(free.await(1, TimeUnit.MINUTES));
                } catch (InterruptedException stopped) {
                    done.completeExceptionally(stopped);
                }
            });
            control.execute(free::countDown);
            assertThat(done.get(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    @Test
    void tasks_afterTheEnd_areDropped() {
        ControlThread control = ControlThread.start();
        control.close();
        List<String> ran = new ArrayList<>();
        control.execute(() -> ran.add("late"));
        control.schedule(Duration.ZERO, () -> ran.add("later")).run();
        assertThat(ran).isEmpty();
    }
}
