package dev.ringmaster.lb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitQueueTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final EmbeddedChannel channel = new EmbeddedChannel();

    /** Waits again whenever it is woken. */
    private final class Patient implements WaitQueue.Waiter {
        private final WaitQueue queue;
        private long since = System.nanoTime();
        private int woken;
        private int inVain;

        Patient(boolean forRoom, Duration longest) {
            queue = new WaitQueue(channel.eventLoop(), forRoom, 10, longest);
            assertThat(queue.add(this, since)).isTrue();
        }

        @Override
        public long waitsSince() {
            return since;
        }

        @Override
        public void woken() {
            woken++;
            queue.add(this, since);
        }

        @Override
        public void waitedInVain() {
            inVain++;
        }
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void sweep(int times) {
        for (int i = 0; i < times; i++) {
            channel.advanceTimeBy(50, TimeUnit.MILLISECONDS);
            // The sweep, and then whom it wakes.
            channel.runPendingTasks();
            channel.runPendingTasks();
        }
    }

    @Test
    void sweep_ofThoseWhoWaitForATable_wakesNobody() {
        Patient patient = new Patient(false, LONG);
        sweep(10);
        assertThat(patient.woken).isZero();
        patient.queue.wake();
        channel.runPendingTasks();
        assertThat(patient.woken).as("by a table").isEqualTo(1);
    }

    @Test
    void sweep_ofThoseWhoWaitForRoom_wakesOne() {
        Patient patient = new Patient(true, LONG);
        sweep(10);
        assertThat(patient.woken).isEqualTo(10);
    }

    @Test
    void sweep_endsTheWaitOfThoseWhoseTimeIsUp() {
        Patient patient = new Patient(false, LONG);
        patient.since -= LONG.toNanos();
        sweep(10);
        assertThat(patient.inVain).isEqualTo(1);
        assertThat(patient.woken).isZero();
        assertThat(patient.queue.add(patient, patient.since)).as("again").isFalse();
    }
}
