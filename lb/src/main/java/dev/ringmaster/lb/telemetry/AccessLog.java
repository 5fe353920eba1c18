package dev.ringmaster.lb.telemetry;

import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for every exchange.
 *
 * <pre>
 * event loops ── log() ──> queue (bounded by bytes, else dropped and counted) ──> one daemon thread ── write ──> output
 * </pre>
 *
 * <p>{@link #log} never blocks and takes no lock, however slow the output's reader is.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
    private static final long MOST_HELD = 8L << 20;
    private static final int WRITE_SIZE = 64 << 10;
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final OutputStream out;
    private final Thread writer;
    private final Queue<AccessRecord> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private final LongAdder dropped = new LongAdder();
    private final StringBuilder lines = new StringBuilder();
    private int lineCount;
    private boolean failing;
    private volatile AccessLogFormat format;
    private volatile boolean asleep;
    private volatile boolean closing;

    /** Writes to {@code out}, which stays open. */
    public AccessLog(TelemetryOptions options, OutputStream out) {
        this.out = out;
        this.format = options.accessLog();
        this.writer = Thread.ofPlatform().daemon().name("lb-access-log").start(this::run);
    }

    /** Writes to the process's standard output. */
    public static AccessLog toStandardOutput(TelemetryOptions options) {
        return new AccessLog(options, new FileOutputStream(FileDescriptor.out));
    }

    /** Whether {@link #log} does anything: without it no record needs to be made. Any thread. */
    public boolean enabled() {
        return format != AccessLogFormat.NONE;
    }

    /** Hands the record over, or drops it if too much waits already. Any thread; never blocks. */
    public void log(AccessRecord entry) {
        if (!enabled() || closing) {
            return;
        }
        int weight = entry.weight();
        if (held.addAndGet(weight) > MOST_HELD) {
            held.addAndGet(-weight);
            dropped.increment();
            return;
        }
        queue.add(entry);
        if (asleep) {
            LockSupport.unpark(writer);
        }
    }

    /** Records that were lost since the start. */
    public long dropped() {
        return dropped.sum();
    }

    /** Takes another format; records that still wait are written in it. */
    public void reconfigure(TelemetryOptions options) {
        format = options.accessLog();
    }

    /** Writes what waits, unless the output does not take it within two seconds. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            if (!writer.join(CLOSE_LIMIT)) {
                log.warn("access log closed with lines unwritten: its output takes none");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (true) {
            boolean last = closing;
            drain();
            if (last) {
                return;
            }
            pause();
        }
    }

    private void drain() {
        AccessRecord entry;
        while ((entry = queue.poll()) != null) {
            AccessLines.append(lines, entry, format);
            lineCount++;
            held.addAndGet(-entry.weight());
            if (lines.length() >= WRITE_SIZE) {
                write();
            }
        }
        write();
    }

    private void write() {
        if (lines.isEmpty()) {
            lineCount = 0;
            return;
        }
        try {
            out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            failing = false;
        } catch (IOException e) {
            dropped.add(lineCount);
            if (!failing) {
                failing = true;
                log.warn("access log cannot be written: {}", e.toString());
            }
        }
        lines.setLength(0);
        lineCount = 0;
    }

    /** A short nap first: under load no event loop pays for waking this thread up. */
    private void pause() {
        LockSupport.parkNanos(this, PAUSE.toNanos());
        asleep = true;
        // read again after the flag is up: whoever adds a record later sees the flag
        if (queue.isEmpty() && !closing) {
            LockSupport.park(this);
        }
        asleep = false;
    }
}
