package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private final Semaphore outer = new Semaphore(0);
    private final Semaphore inner = new Semaphore(0);

    private static void raise() throws Exception {
        // A signal that ends no process if nobody answers it.
        String pid = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("sh", "-c", "kill -WINCH " + pid).start().waitFor())
                .isZero();
    }

    private static boolean arrived(Semaphore signals) throws InterruptedException {
        return signals.tryAcquire(1, TimeUnit.MINUTES);
    }

    @Test
    void on_signalArrives_runsActionEachTime() throws Exception {
        try (var _ = Signals.on("WINCH", outer::release)) {
            raise();
            assertThat(arrived(outer)).isTrue();
            raise();
            assertThat(arrived(outer)).isTrue();
        }
    }

    @Test
    void close_again_leavesTheSignalToTheOneBefore() throws Exception {
        try (var _ = Signals.on("WINCH", outer::release)) {
            try (var _ = Signals.on("WINCH", inner::release)) {
                raise();
                assertThat(arrived(inner)).isTrue();
            }
            raise();
            assertThat(arrived(outer)).isTrue();
            assertThat(inner.availablePermits()).isZero();
        }
    }
}
