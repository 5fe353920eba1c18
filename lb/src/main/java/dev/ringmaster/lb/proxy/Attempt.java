package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.replica.ConnectFailure;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import dev.ringmaster.lb.upstream.UpstreamListener;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of an exchange on one replica: gets a connection, has the request sent on it, and passes on what comes back. The
 * replica has a request in flight from its making to {@link #end}. Event loop only.
 */
final class Attempt implements UpstreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final long STALE_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ProxyLoop loop;
    private final Exchange exchange;
    private final Replica replica;
    private final long since;
    private @Nullable UpstreamConnection connection;
    private @Nullable Tunnel tunnel;
    private boolean redialled;
    private boolean over;
    private boolean reusable;
    private long keepAliveSeconds = -1;
    private boolean awaited;
    /** Whether it is counted for or against its replica, which happens at most once. */
    private boolean judged;

    /**
     * Begins.
     *
     * @param since when that was, in {@link System#nanoTime}
     * @param timed whether the time until it is answered tells of the replica
     */
    Attempt(ProxyLoop loop, Exchange exchange, Replica replica, long since, boolean timed) {
        this.loop = loop;
        this.exchange = exchange;
        this.replica = replica;
        this.since = since;
        this.awaited = timed;
        replica.inFlight().begin(loop.setup.index());
        if (timed) {
            replica.outcomes().sent(loop.setup.index());
        }
    }

    Replica replica() {
        return replica;
    }

    long since() {
        return since;
    }

    /** Sends the request, on an idle connection if there is one, or asks for a connection. */
    void start(boolean idempotent) {
        long maxIdle = idempotent ? Long.MAX_VALUE : STALE_IDLE_NANOS;
        UpstreamConnection idle = loop.setup.pools().leaseIdle(replica, since, maxIdle, this);
        if (idle == null) {
            connect();
        } else {
            connection = idle;
            exchange.send(this, idle);
        }
    }

    private void connect() {
        loop.setup.pools().connect(replica, this, this::connected, this::refused);
    }

    private void connected(UpstreamConnection opened) {
        if (over) {
            opened.discard();
            return;
        }
        connection = opened;
        exchange.send(this, opened);
        opened.flush();
    }

    private void refused(Throwable cause) {
        loop.shared.observer().connectFailed(replica, cause);
        if (ConnectFailure.of(cause) != ConnectFailure.OURS) {
            blame();
        }
        if (!over) {
            exchange.refused(this);
        }
    }

    /** Tries the same replica once more on a fresh connection; false if that has been done. */
    boolean redial() {
        if (redialled) {
            return false;
        }
        redialled = true;
        connect();
        return true;
    }

    /** What the request was sent on; null before that and after it broke. */
    @Nullable
    UpstreamConnection connection() {
        return connection;
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    /** Reads on, or no more for now. */
    void setReading(boolean wanted) {
        if (connection != null) {
            connection.setReading(wanted);
        }
    }

    /**
     * Notes what the head of the final response says of the connection. A replica that answers before it can have read the
     * whole request may take the rest for another one.
     *
     * @param requestComplete whether the client has sent all of the request
     */
    void answered(ResponseHead response, boolean requestComplete) {
        reusable = response.keepAlive() && requestComplete && connection != null && connection.sent();
        keepAliveSeconds = response.keepAliveTimeoutSeconds();
    }

    /**
     * The response is whole.
     *
     * @param requestSent whether the request is, too, so that the connection may carry another
     */
    void release(boolean requestSent) {
        UpstreamConnection done = connection;
        connection = null;
        if (done != null && reusable && requestSent) {
            done.release(keepAliveSeconds);
        } else if (done != null) {
            done.discard();
        }
    }

    /** Its replica failed the request, which counts against it once. */
    void blame() {
        if (!judged) {
            judged = true;
            loop.shared.observer().requestFailed(replica, replica.outcomes().failed(loop.setup.index()));
        }
    }

    /** Its replica did not answer in time. */
    ProxyFailure timedOut() {
        blame();
        return new ProxyFailure.TimedOut();
    }

    /** Another attempt was answered first: this one would have taken longer still. */
    void outrun() {
        timeAnswer();
        drop();
    }

    private void timeAnswer() {
        if (awaited) {
            awaited = false;
            replica.outcomes().answered(loop.setup.index(), System.nanoTime() - since);
        }
    }

    /** It is over, answered by that status; 0: without an answer. */
    void end(int status) {
        if (!over) {
            loop.setup.metrics().replicaRequest(replica.slot(), status);
            drop();
        }
    }

    /** It is over, and nobody asks what came of it; a connection that was not released is closed. */
    void drop() {
        if (!over) {
            over = true;
            release(false);
            replica.inFlight().end(loop.setup.index());
            if (awaited) {
                replica.outcomes().unanswered(loop.setup.index());
            }
            loop.pending.wakeOne();
        }
    }

    @Override
    public void responseHead(ResponseHead response) {
        if (response.status() == 101 || !response.informational()) {
            timeAnswer();
        }
        if (isFault(response.status())) {
            blame();
        }
        exchange.responseHead(this, response);
    }

    /** Whether a status says that the replica failed; 501 and 505 speak of the request. */
    private static boolean isFault(int status) {
        return status >= 500 && status != 501 && status != 505;
    }

    @Override
    public void responseBody(ByteBuf data) {
        exchange.responseBody(data);
    }

    @Override
    public void responseEnd(Fields trailers) {
        succeeded();
        exchange.responseEnd(trailers);
    }

    /** Its replica has served the request, unless that was a failure. */
    private void succeeded() {
        if (!judged) {
            judged = true;
            replica.outcomes().good(loop.setup.index());
        }
    }

    @Override
    public void upstreamReadComplete() {
        exchange.upstreamReadComplete();
    }

    @Override
    public void upstreamWritable(boolean writable) {
        exchange.upstreamWritable(writable);
    }

    @Override
    public void upstreamFailed(Throwable cause) {
        UpstreamConnection broken = connection;
        connection = null;
        if (broken != null) {
            LOG.debug("replica={} broke: {}", replica.name(), cause.toString());
            boolean stale = broken.stale();
            if (!stale || redialled) {
                blame();
            }
            exchange.broken(this, cause, stale);
        }
    }

    /** From now on bytes pass both ways as they are. */
    void tunnel(Tunnel upgraded) {
        tunnel = upgraded;
        succeeded();
        if (connection != null) {
            connection.tunnel();
        }
    }

    @Override
    public void tunnelData(ByteBuf data) {
        if (tunnel == null) {
            data.release();
        } else {
            tunnel.toClient(data);
        }
    }

    @Override
    public void tunnelInputEnded() {
        if (tunnel != null) {
            tunnel.replicaEnded();
        }
    }
}
