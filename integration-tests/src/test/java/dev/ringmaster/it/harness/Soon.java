package dev.ringmaster.it.harness;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what happens in another process or thread, and looks often: most of it takes less than a millisecond. */
public final class Soon {
    private static final Duration LOOK = Duration.ofMillis(2);

    private Soon() {}

    public static void until(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(LOOK).until(condition);
    }
}
