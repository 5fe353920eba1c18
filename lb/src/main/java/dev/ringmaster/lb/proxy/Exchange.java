package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.http.BodyCoding;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestWriter;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.proxy.Downstream.End;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import dev.ringmaster.lb.upstream.UpstreamListener;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its answer.
 *
 * <pre>
 *  start ─> attempt ─┬─ idle connection ──────────────> sent ─> informed ─> relaying ─> over
 *             ^      ├─ connect ── connected ────────────^  │       │  └─ upgraded: tunnel ─> over
 *             │      │     └─ refused: next candidate       │       └─ broken: 502, 504
 *             │      └─ no candidate: wait for a table      │
 *             └── redial, failover, woken <─────────────────┘ broken before a byte of the answer was relayed
 * </pre>
 *
 * What may be tried again depends on how far it got. <i>Unsent</i>: anything. <i>Sent</i>: only an idempotent request
 * whose body is still held. <i>Informed</i> by a 1xx: nothing, but it can still be answered. <i>Relaying</i>: nothing, the
 * client sees the cut. Any call to the client or to a connection may call back before it returns. Event loop only.
 */
public final class Exchange implements RequestHandler, UpstreamListener {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final long STALE_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum Phase {
        UNSENT,
        WAITING,
        SENT,
        INFORMED,
        RELAYING,
        TUNNEL,
        OVER
    }

    private final ProxyLoop loop;
    private final Downstream client;
    private final RequestHead head;
    private final ClientHop hop;
    private final ExchangeLog log;
    private final RequestBody body;
    private final Answer answer;
    private final Attempts attempts;
    private Phase phase = Phase.UNSENT;
    private long waitUntil;
    private long progressAt;
    private boolean progressed;
    private @Nullable UpstreamConnection upstream;
    private boolean reusable;
    private long keepAliveSeconds = -1;
    private @Nullable Reply instead;
    private @Nullable Tunnel tunnel;

    public Exchange(ProxyLoop loop, Downstream client, RequestHead head) {
        this.loop = loop;
        this.client = client;
        this.head = head;
        this.hop = new ClientHop(loop, head, client.peer());
        this.log = new ExchangeLog(loop, head, hop, System.nanoTime());
        this.body = new RequestBody(
                loop, head.chunked() ? BodyCoding.CHUNKED : head.hasBody() ? BodyCoding.LENGTH : BodyCoding.NONE);
        this.answer = new Answer(client, head, log);
        this.attempts = new Attempts(loop, log.startedAt());
    }

    @Override
    public void start() {
        progressAt = log.startedAt();
        loop.budget.begin(progressAt);
        Reply own = OwnReplies.to(head);
        if (own != null) {
            // What follows a CONNECT may be meant for the tunnel that there will not be.
            finish(answer.reply(own, own.status() == 405));
            return;
        }
        attempts.begin(new HeadKeySource(head, hop));
        attempt();
    }

    private void attempt() {
        phase = Phase.UNSENT;
        RoutingTable table = loop.setup.balancer().table();
        Replica next = attempts.enter(table);
        if (next == null) {
            awaitReplica(table);
            return;
        }
        log.attempt(next);
        long maxIdle = head.idempotent() ? Long.MAX_VALUE : STALE_IDLE_NANOS;
        UpstreamConnection idle = loop.setup.pools().leaseIdle(next, maxIdle, this);
        if (idle != null) {
            send(idle);
        } else {
            connect(next);
        }
    }

    private void connect(Replica to) {
        phase = Phase.UNSENT;
        loop.setup.pools().connect(to, this, this::connected, cause -> connectFailed(to, cause));
    }

    private void connected(UpstreamConnection connection) {
        if (phase == Phase.OVER) {
            connection.discard();
            return;
        }
        send(connection);
        connection.flush();
    }

    private void connectFailed(Replica refused, Throwable cause) {
        loop.shared.observer().connectFailed(refused, cause);
        if (phase != Phase.OVER) {
            moveOn(refused, new ProxyFailure.ReplicaFailed());
        }
    }

    private void moveOn(Replica from, ProxyFailure failure) {
        attempts.leave(0);
        attempts.failed(from, failure);
        attempt();
        flush();
    }

    /** No candidate is left: that ends the exchange, unless one may come in time. */
    private void awaitReplica(RoutingTable table) {
        long now = System.nanoTime();
        boolean first = waitUntil == 0;
        if (first) {
            waitUntil = now + loop.shared.options().waitForReplica().toNanos();
        }
        phase = Phase.WAITING;
        if (!attempts.mayWait(table) || waitOver(now) || !loop.waiting.add(this)) {
            fail(attempts.lastFailure());
        } else if (first) {
            loop.setup.metrics().increment(Counter.WAITS);
        }
    }

    /** A new table was published while this exchange waited. */
    void woken() {
        attempt();
        flush();
    }

    boolean waitOver(long now) {
        return now - waitUntil >= 0;
    }

    void waitedInVain() {
        loop.setup.metrics().increment(Counter.WAIT_TIMEOUTS);
        fail(attempts.lastFailure());
    }

    private void send(UpstreamConnection connection) {
        upstream = connection;
        phase = Phase.SENT;
        progressed = true;
        connection.expect(head.method().equals("HEAD"));
        RequestWriter.head(
                head,
                hop.to(connection.replica()),
                connection.room(head.fields().size() + 256));
        if (upstream == connection) {
            body.startOn(connection, head.idempotent());
            client.setReading(connection.writable());
        }
    }

    @Override
    public void requestBody(ByteBuf data) {
        progressed = true;
        body.add(data, upstream);
        if (phase != Phase.OVER) {
            client.setReading(upstream == null ? !body.full() : upstream.writable());
        }
    }

    @Override
    public void requestEnd(Fields trailers) {
        body.end(trailers, upstream);
    }

    @Override
    public void flush() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    @Override
    public void upstreamWritable(boolean writable) {
        progressed = true;
        client.setReading(writable);
    }

    @Override
    public void responseHead(ResponseHead response) {
        progressed = true;
        if (response.status() == 101) {
            switchProtocols(response);
        } else if (!response.informational()) {
            finalHead(response);
        } else if (head.minorVersion() == 1) {
            phase = Phase.INFORMED;
            answer.inform(response);
        }
    }

    private void finalHead(ResponseHead response) {
        attempts.answered(response.status());
        reusable = response.keepAlive();
        keepAliveSeconds = response.keepAliveTimeoutSeconds();
        body.drop();
        if (response.status() == 404 && loop.shared.options().translateNotFound()) {
            instead = OwnReplies.notFound(head);
        } else {
            phase = Phase.RELAYING;
            answer.head(response, attempts.added());
        }
    }

    @Override
    public void responseBody(ByteBuf data) {
        progressed = true;
        if (instead != null) {
            data.release();
            return;
        }
        answer.body(data);
        if (!client.writable() && upstream != null) {
            upstream.setReading(false);
        }
    }

    @Override
    public void responseEnd(Fields trailers) {
        End end = instead == null ? answer.end(trailers) : answer.reply(instead, false);
        UpstreamConnection connection = upstream;
        upstream = null;
        if (connection != null && reusable && body.complete()) {
            connection.release(keepAliveSeconds);
        } else if (connection != null) {
            connection.discard();
        }
        finish(end);
    }

    @Override
    public void upstreamReadComplete() {
        client.flush();
    }

    @Override
    public void clientWritable(boolean writable) {
        progressed = true;
        if (upstream != null) {
            upstream.setReading(writable);
        }
    }

    @Override
    public void upstreamFailed(Throwable cause) {
        UpstreamConnection broken = upstream;
        Replica from = attempts.current();
        upstream = null;
        if (broken == null || from == null) {
            return;
        }
        LOG.debug("replica={} broke: {}", from.name(), cause.toString());
        ProxyFailure failure = new ProxyFailure.ReplicaFailed();
        boolean again = phase == Phase.SENT && head.idempotent() && body.replayable();
        if (!again || cause instanceof MalformedMessage) {
            fail(failure);
            return;
        }
        switch (attempts.after(from, broken.stale())) {
            case REDIAL -> connect(from);
            case FAILOVER -> moveOn(from, failure);
            case NONE -> fail(failure);
        }
    }

    @Override
    public void tick(long now) {
        if (progressed || isClientsTurn()) {
            progressAt = now;
            progressed = false;
        }
        switch (phase) {
            case TUNNEL -> Objects.requireNonNull(tunnel).tick(now);
            case SENT, INFORMED, RELAYING -> {
                if (now - progressAt > loop.responseTimeoutNanos()) {
                    fail(new ProxyFailure.TimedOut());
                }
            }
            case UNSENT, WAITING, OVER -> {} // The connect timeout and the queue have clocks of their own.
        }
    }

    /** Whether the replica cannot go on: the listener watches over slow clients. */
    private boolean isClientsTurn() {
        boolean uploading = phase != Phase.RELAYING && !body.complete() && upstream != null && upstream.writable();
        boolean mayHoldBack = phase == Phase.SENT && head.expectContinue();
        return !client.writable() || (uploading && !mayHoldBack);
    }

    @Override
    public void abort() {
        if (phase != Phase.OVER) {
            stop();
            finish(End.CUT);
        }
    }

    @Override
    public void requestMalformed(MalformedMessage fault) {
        fail(new ProxyFailure.Rejected(fault));
    }

    @Override
    public void requestTimedOut() {
        fail(new ProxyFailure.ClientTimedOut());
    }

    private void fail(ProxyFailure failure) {
        stop();
        loop.setup.metrics().increment(failure.counter());
        boolean begun = phase == Phase.RELAYING || phase == Phase.TUNNEL;
        finish(begun ? answer.cut() : answer.reply(failure.reply(), failure.clientsFault()));
    }

    private void stop() {
        if (phase == Phase.WAITING) {
            loop.waiting.remove(this);
        }
        UpstreamConnection connection = upstream;
        upstream = null;
        if (connection != null) {
            connection.discard();
        }
    }

    private void finish(End end) {
        phase = Phase.OVER;
        body.drop();
        attempts.leave(log.status());
        loop.budget.end();
        log.end();
        client.exchangeEnded(end);
    }

    private void switchProtocols(ResponseHead response) {
        if (upstream == null || !head.websocket() || !response.websocket()) {
            fail(new ProxyFailure.ReplicaFailed());
            return;
        }
        phase = Phase.TUNNEL;
        Tunnel upgraded = new Tunnel(client, upstream, log, this::abort);
        tunnel = upgraded;
        log.status(101);
        answer.inform(response);
        upstream.tunnel();
        client.tunnel(upgraded);
        flush();
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
