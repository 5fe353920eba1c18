package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.proxy.RequestHandler;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.AccessRecord;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client connections of one listener on one event loop. Event loop only, except where said. */
final class FrontendLoop {
    private static final Logger LOG = LoggerFactory.getLogger(FrontendLoop.class);
    private static final long TICK_MILLIS = 100;

    private final ProxyLoop proxy;
    private final Dispatcher dispatcher;
    private final FrontendTimeouts timeouts;
    private final Set<FrontendConnection> connections = new HashSet<>();
    private volatile boolean leaving;
    private volatile int open;

    FrontendLoop(EventLoop loop, ProxyLoop proxy, Dispatcher dispatcher, FrontendTimeouts timeouts) {
        this.proxy = proxy;
        this.dispatcher = dispatcher;
        this.timeouts = timeouts;
        loop.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    FrontendTimeouts timeouts() {
        return timeouts;
    }

    long maxBody() {
        return proxy.maxBody();
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

    void count(Counter counter, int bytes) {
        proxy.metrics().add(counter, bytes);
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

    /** From now on no connection is kept; any thread. */
    void leave() {
        leaving = true;
    }

    private void tick() {
        long now = System.nanoTime();
        for (FrontendConnection connection : List.copyOf(connections)) {
            try {
                connection.tick(now);
                if (leaving) {
                    connection.closeIfIdle();
                }
            } catch (RuntimeException bug) {
                // One connection's fault must not stop the clock of all others.
                connection.fail(bug);
            }
        }
    }
}
