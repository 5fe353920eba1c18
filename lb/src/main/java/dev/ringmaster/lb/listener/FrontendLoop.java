package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestReader;
import dev.ringmaster.lb.http.Spares;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.proxy.RequestHandler;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.AccessRecord;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client connections of one listener on one event loop. Event loop only, except where said. */
final class FrontendLoop {
    private static final Logger LOG = LoggerFactory.getLogger(FrontendLoop.class);
    private static final long TICK_MILLIS = 100;

    private final EventLoop loop;
    private final ProxyLoop proxy;
    private final Dispatcher dispatcher;
    private final FrontendTimeouts timeouts;
    private final FrontendConnections connections = new FrontendConnections();
    private final Spares<RequestReader> readers;
    private final IntConsumer bytesOut;
    private volatile boolean leaving;
    private volatile boolean closingIdle;
    private volatile int open;

    FrontendLoop(EventLoop loop, ProxyLoop proxy, Dispatcher dispatcher, FrontendTimeouts timeouts) {
        this.loop = loop;
        this.proxy = proxy;
        this.dispatcher = dispatcher;
        this.timeouts = timeouts;
        this.readers = new Spares<>(() -> new RequestReader(proxy.maxBody()));
        this.bytesOut = bytes -> proxy.metrics().add(Counter.CLIENT_BYTES_OUT, bytes);
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    FrontendTimeouts timeouts() {
        return timeouts;
    }

    /** Where its clients' buffers come from. */
    ByteBufAllocator buffers() {
        return proxy.buffers();
    }

    /** One for each request under way. */
    Spares<RequestReader> readers() {
        return readers;
    }

    /** Counts what goes out to clients. */
    IntConsumer bytesOut() {
        return bytesOut;
    }

    RequestHandler handler(FrontendConnection client, RequestHead head) {
        return dispatcher.handler(proxy, client, head);
    }

    void opened(FrontendConnection connection) {
        connections.add(connection);
        open = connections.size();
        proxy.metrics().increment(Counter.CLIENT_OPENED);
    }

    void closed(FrontendConnection connection) {
        if (connections.remove(connection)) {
            open = connections.size();
            proxy.metrics().increment(Counter.CLIENT_CLOSED);
        }
    }

    /** Counts what comes in from a client. */
    void bytesIn(int bytes) {
        proxy.metrics().add(Counter.CLIENT_BYTES_IN, bytes);
    }

    /** A client's request was refused before anybody took it. */
    void refused(InetAddress peer, Reply reply, long nanos) {
        proxy.metrics().increment(Counter.BAD_REQUEST);
        proxy.metrics().requestEnded(reply.status(), nanos);
        AccessLog log = proxy.accessLog();
        if (log.enabled()) {
            Instant start = Instant.now().minusNanos(nanos);
            log.log(new AccessRecord(
                    peer,
                    start,
                    null,
                    null,
                    1,
                    reply.status(),
                    reply.body().length,
                    nanos,
                    "-",
                    -1,
                    0,
                    null,
                    null,
                    null,
                    null));
        }
    }

    /** A client's connection broke, which is nothing unusual, or something is wrong here, which is. */
    void failed(InetAddress peer, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("client={} broke: {}", peer, cause.toString());
        } else {
            LOG.error("client={} failed", peer, cause);
        }
    }

    /** Whether connections are to be closed after the request under way; any thread. */
    boolean leaving() {
        return leaving;
    }

    /** Connections that are open; any thread. */
    int open() {
        return open;
    }

    /** Returns once connections that were accepted by now are open; any thread but an event loop's. */
    void catchUp() {
        loop.submit(() -> {}).awaitUninterruptibly();
    }

    /** From now on each answer is its connection's last; any thread. */
    void leave() {
        leaving = true;
    }

    /** From now on connections close as soon as no request is under way; any thread. */
    void closeIdle() {
        closingIdle = true;
    }

    private void tick() {
        long now = System.nanoTime();
        connections.each(connection -> tick(connection, now));
    }

    private void tick(FrontendConnection connection, long now) {
        try {
            connection.tick(now);
            if (closingIdle) {
                connection.closeIfIdle(now);
            }
        } catch (RuntimeException bug) {
            // One connection's fault must not stop the clock of all others.
            connection.fail(bug);
        }
    }
}
