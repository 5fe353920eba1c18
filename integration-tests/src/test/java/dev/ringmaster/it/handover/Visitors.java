package dev.ringmaster.it.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients at a fixed rate, whatever the answers take, each of which connects, asks once and closes; beside them some that
 * keep their connections. Each says who it is, so that it is seen when it does not get to its own replica.
 */
final class Visitors implements AutoCloseable {
    private static final int KEYS = 300;
    private static final int KEEPERS = 16;
    private static final long KEEPERS_PAUSE = 10_000_000;
    private static final int MOST_FAILURES = 20;
    /** Fewer than a listening socket queues: more would be refused by a machine that cannot keep up, not by a balancer. */
    private static final int MOST_OPEN = 1000;

    private static final long HOLD = 1_000_000;

    private final int port;
    private final long pause;
    private final long begin = System.nanoTime();
    private final Map<Integer, String> homes = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final Thread door;
    private volatile boolean closed;

    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger kept = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    final AtomicInteger strayed = new AtomicInteger();
    /** Those that were connected and got no answer, or another one than they asked for. */
    final AtomicInteger lost = new AtomicInteger();

    /** Times that nobody was let in because too many were there. */
    private final AtomicInteger held = new AtomicInteger();

    final Queue<String> failures = new ConcurrentLinkedQueue<>();

    /** Begins with {@code rate} new connections a second, and keepers if wanted. */
    Visitors(int port, int rate, boolean keepers) {
        this.port = port;
        this.pause = 1_000_000_000L / rate;
        this.door = Thread.ofPlatform().start(this::admit);
        for (int i = 0; keepers && i < KEEPERS; i++) {
            int key = i;
            open.incrementAndGet();
            Thread.ofVirtual().start(() -> keep(key));
        }
    }

    private void admit() {
        long next = System.nanoTime();
        while (!closed) {
            int key = asked.getAndIncrement() % KEYS;
            open.incrementAndGet();
            Thread.ofVirtual().start(() -> visit(key));
            next += pause;
            LockSupport.parkNanos(next - System.nanoTime());
            while (open.get() >= MOST_OPEN) {
                held.incrementAndGet();
                LockSupport.parkNanos(HOLD);
            }
        }
    }

    private void visit(int key) {
        try (Client client = new Client(port)) {
            if (ask(client, key, "Connection: close\r\n") != null) {
                answered.incrementAndGet();
            }
        } catch (ConnectException nobody) {
            refused.incrementAndGet();
        } catch (IOException broken) {
            failed(lost, key, broken);
        } finally {
            open.decrementAndGet();
        }
    }

    private void keep(int key) {
        try {
            while (!closed) {
                try (Client client = new Client(port)) {
                    Answer answer = ask(client, key, "");
                    while (!closed
                            && answer != null
                            && !answer.value("Connection").equals("close")) {
                        kept.incrementAndGet();
                        LockSupport.parkNanos(KEEPERS_PAUSE);
                        answer = ask(client, key, "");
                    }
                } catch (ConnectException nobody) {
                    refused.incrementAndGet();
                } catch (IOException broken) {
                    failed(lost, key, broken);
                    LockSupport.parkNanos(KEEPERS_PAUSE);
                }
            }
        } finally {
            open.decrementAndGet();
        }
    }

    /** The answer, or null if it was not a good one. */
    private @Nullable Answer ask(Client client, int key, String fields) throws IOException {
        client.send("GET /home HTTP/1.1\r\nHost: test\r\nX-Key: user-" + key + "\r\n" + fields + "\r\n");
        Answer answer = client.answer(false);
        if (answer.status() != 200) {
            failed(lost, key, new IOException("status " + answer.status()));
            return null;
        }
        String home = answer.text().replaceAll(".*Server: ([^\"]*)\".*", "$1");
        String before = homes.putIfAbsent(key, home);
        if (before != null && !before.equals(home)) {
            failed(strayed, key, new IOException("at " + home + " instead of " + before));
        }
        return answer;
    }

    private void failed(AtomicInteger count, int key, IOException how) {
        if (count.incrementAndGet() <= MOST_FAILURES) {
            long after = (System.nanoTime() - begin) / 1_000_000;
            failures.add("after=" + after + "ms visitor=" + asked + " key=" + key + " " + how);
        }
    }

    /** Nobody comes any more; returns once all have left. */
    void finish() {
        closed = true;
        try {
            door.join();
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        while (open.get() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** To be asked of those that have left: each was let in and got its answer, from its own replica. */
    void assertUnharmed() {
        assertThat(refused).as("refused %s", this).hasValue(0);
        assertThat(lost).as("lost %s", this).hasValue(0);
        assertThat(strayed).as("strayed %s", this).hasValue(0);
        assertThat(answered).as("answered %s", this).hasValue(asked.get());
    }

    @Override
    public void close() {
        finish();
    }

    @Override
    public String toString() {
        return "asked=" + asked + " answered=" + answered + " kept=" + kept + " refused=" + refused + " lost=" + lost
                + " strayed=" + strayed + " held=" + held + " " + failures;
    }
}
