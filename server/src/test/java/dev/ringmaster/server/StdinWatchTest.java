package dev.ringmaster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class StdinWatchTest {
    private final AtomicInteger ends = new AtomicInteger();

    @Test
    @Timeout(180)
    void input_thatEndsAfterSomeBytes_runsTheActionOnce() throws Exception {
        Pipe pipe = Pipe.open();
        StdinWatch watch = watch(pipe);
        // far more than a pipe holds: these writes end only if the watch reads on
        for (int i = 0; i < 4; i++) {
            pipe.sink().write(ByteBuffer.allocate(1 << 20));
        }
        assertThat(ends).hasValue(0);

        pipe.sink().close();
        watch.join();

        assertThat(ends).hasValue(1);
    }

    @Test
    void input_nonBlocking_isStillWatched() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        StdinWatch watch = watch(pipe);
        await().until(() -> watch.getState() == Thread.State.TIMED_WAITING);
        assertThat(ends).hasValue(0);

        pipe.sink().close();
        watch.join();

        assertThat(ends).hasValue(1);
    }

    @Test
    void input_thatCannotBeRead_counts() throws Exception {
        Pipe pipe = Pipe.open();
        pipe.source().close();

        watch(pipe).join();

        assertThat(ends).hasValue(1);
    }

    @Test
    void interrupt_endsTheWatchWithoutTheAction() throws Exception {
        Pipe pipe = Pipe.open();
        StdinWatch watch = watch(pipe);
        await().until(() -> watch.getState() == Thread.State.RUNNABLE);

        watch.interrupt();
        watch.join();

        assertThat(ends).hasValue(0);
        pipe.sink().close();
    }

    private StdinWatch watch(Pipe pipe) throws IOException {
        StdinWatch watch = new StdinWatch(pipe.source(), ends::incrementAndGet);
        watch.start();
        return watch;
    }
}
