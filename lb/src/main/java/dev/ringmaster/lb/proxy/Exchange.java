package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.http.BodyCoding;
import dev.ringmaster.lb.http.BodyWriter;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestWriter;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.http.ResponseHop;
import dev.ringmaster.lb.http.ResponseWriter;
import dev.ringmaster.lb.proxy.Downstream.End;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import dev.ringmaster.lb.upstream.UpstreamListener;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <pre>
 *  start ─> attempt ─┬─ idle connection ──────────────> sent ─> relaying ─> over
 *             ^      ├─ connect ── connected ────────────^  │       └─ upgraded: tunnel ─> over
 *             │      │     └─ refused: next candidate       │
 *             │      └─ no candidate: wait for a table      │
 *             └── redial, failover, woken <─────────────────┘ broken before a byte of the answer was relayed
 * </pre>
 *
 * What may be tried again depends on how far it got. <i>Unsent</i>: anything. <i>Sent</i>: only an idempotent request
 * whose body is still held. <i>Relaying</i>: nothing, the client sees the cut. Event loop only.
 */
public final class Exchange implements RequestHandler, UpstreamListener {
    private static final long STALE_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TUNNEL_IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private enum Phase {
        UNSENT,
        WAITING,
        SENT,
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
    private final List<Replica> tried = new ArrayList<>(2);
    private Phase phase = Phase.UNSENT;
    private long key;
    private long waitUntil;
    private long progressAt;
    private boolean redialled;
    private boolean failedOver;
    private boolean close;
    private @Nullable Replica replica;
    private @Nullable UpstreamConnection upstream;
    private @Nullable ProxyFailure lastFailure;
    private BodyCoding coding = BodyCoding.NONE;
    private long keepAliveSeconds = -1;
    private boolean upstreamReusable;

    public Exchange(ProxyLoop loop, Downstream client, RequestHead head) {
        this.loop = loop;
        this.client = client;
        this.head = head;
        this.hop = new ClientHop(loop, head, client.peer());
        this.log = new ExchangeLog(loop, head, client.peer(), System.nanoTime());
        this.body = new RequestBody(
                loop, head.chunked() ? BodyCoding.CHUNKED : head.hasBody() ? BodyCoding.LENGTH : BodyCoding.NONE);
    }

    @Override
    public void start() {
        progressAt = log.startedAt();
        loop.budget.begin(progressAt);
        key = loop.setup.balancer().key(new HeadKeySource(head, hop.client()));
        attempt();
    }

    // ---- which replica ------------------------------------------------------------------------------------------

    private void attempt() {
        phase = Phase.UNSENT;
        RoutingTable table = loop.setup.balancer().table();
        Replica next = loop.setup.balancer().choose(table, key, tried::contains);
        if (next == null) {
            awaitReplica(table);
            return;
        }
        replica = next;
        redialled = false;
        next.inFlight().begin(loop.setup.index());
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
            moveOn(refused, new ProxyFailure.ReplicaFailed(cause));
        }
    }

    private void moveOn(Replica from, ProxyFailure failure) {
        leaveReplica(0);
        tried.add(from);
        lastFailure = failure;
        loop.setup.metrics().increment(Counter.FAILOVERS);
        attempt();
        flush();
    }

    /** No candidate is left: that ends the exchange, unless one may come back in time. */
    private void awaitReplica(RoutingTable table) {
        long now = System.nanoTime();
        // Whoever was cut off may know of a death before the table does.
        boolean hope = table.recovering() || lastFailure != null;
        if (waitUntil == 0 && hope) {
            waitUntil = now + loop.shared.options().waitForReplica().toNanos();
            loop.setup.metrics().increment(Counter.WAITS);
        }
        phase = Phase.WAITING;
        if (!hope || waitOver(now) || !loop.waiting.add(this)) {
            failWithoutReplica();
        }
    }

    /** A new table was published while this exchange waited. */
    void woken() {
        progressAt = System.nanoTime();
        attempt();
        flush();
    }

    boolean waitOver(long now) {
        return now - waitUntil >= 0;
    }

    void waitedInVain() {
        loop.setup.metrics().increment(Counter.WAIT_TIMEOUTS);
        failWithoutReplica();
    }

    private void failWithoutReplica() {
        fail(lastFailure != null ? lastFailure : new ProxyFailure.NoReplica());
    }

    int heldBytes() {
        return body.heldBytes();
    }

    // ---- request ------------------------------------------------------------------------------------------------

    private void send(UpstreamConnection connection) {
        upstream = connection;
        phase = Phase.SENT;
        connection.expect(head.method().equals("HEAD"));
        ByteBuf out = client.alloc().ioBuffer(head.fields().bytes().length + 256);
        RequestWriter.head(head, hop.to(connection.replica()), out);
        log.sent(out.readableBytes());
        connection.write(out);
        if (upstream == connection) {
            body.replay(connection);
            client.setReading(connection.writable());
        }
    }

    @Override
    public void requestBody(ByteBuf data) {
        progressAt = System.nanoTime();
        log.received(data.readableBytes());
        body.add(data, upstream);
        if (upstream == null ? body.full() : !upstream.writable()) {
            client.setReading(false);
        }
    }

    @Override
    public void requestEnd(Fields trailers) {
        progressAt = System.nanoTime();
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
        progressAt = System.nanoTime();
        client.setReading(writable);
    }

    // ---- response -----------------------------------------------------------------------------------------------

    @Override
    public void responseHead(ResponseHead response) {
        progressAt = System.nanoTime();
        if (response.informational()) {
            inform(response);
            return;
        }
        upstreamReusable = response.keepAlive();
        keepAliveSeconds = response.keepAliveTimeoutSeconds();
        if (response.status() == 404 && loop.shared.options().translateNotFound()) {
            translateNotFound();
            return;
        }
        coding = ResponseWriter.coding(response, head.method().equals("HEAD"), head.minorVersion());
        close = !head.keepAlive() || coding == BodyCoding.CLOSE || client.leaving();
        relayHead(response, new ResponseHop(head.minorVersion(), close, coding));
        log.status(response.status());
        body.drop();
    }

    private void relayHead(ResponseHead response, ResponseHop to) {
        phase = Phase.RELAYING;
        ByteBuf out = client.alloc().ioBuffer(response.fields().bytes().length + 128);
        ResponseWriter.head(response, to, out);
        log.relayed(out.readableBytes());
        client.write(out);
    }

    private void inform(ResponseHead response) {
        if (response.status() == 101) {
            if (head.websocket() && response.websocket()) {
                upgrade(response);
            } else {
                discardUpstream();
                fail(new ProxyFailure.ReplicaFailed(new IOException("unasked 101 from replica")));
            }
        } else if (head.minorVersion() == 1) {
            relayHead(response, new ResponseHop(1, false, BodyCoding.NONE));
            client.flush();
        }
    }

    @Override
    public void responseBody(ByteBuf data) {
        progressAt = System.nanoTime();
        log.relayed(data.readableBytes());
        BodyWriter.data(coding, data, client::write);
        if (!client.writable() && upstream != null) {
            upstream.setReading(false);
        }
    }

    @Override
    public void responseEnd(Fields trailers) {
        BodyWriter.end(coding, trailers, client::write);
        UpstreamConnection connection = upstream;
        upstream = null;
        if (connection != null && upstreamReusable && body.complete()) {
            connection.release(keepAliveSeconds);
        } else if (connection != null) {
            connection.discard();
        }
        finish(close ? End.CLOSE : End.KEEP_ALIVE);
    }

    @Override
    public void upstreamReadComplete() {
        client.flush();
    }

    @Override
    public void clientWritable(boolean writable) {
        progressAt = System.nanoTime();
        if (upstream != null) {
            upstream.setReading(writable);
        }
    }

    // ---- failure ------------------------------------------------------------------------------------------------

    @Override
    public void upstreamFailed(Throwable cause) {
        UpstreamConnection broken = upstream;
        Replica from = replica;
        upstream = null;
        if (phase == Phase.OVER || broken == null || from == null) {
            return;
        }
        ProxyFailure failure = new ProxyFailure.ReplicaFailed(cause);
        boolean again = phase == Phase.SENT && head.idempotent() && body.replayable();
        if (!again || cause instanceof MalformedMessage) {
            fail(failure);
        } else if (broken.pooled() && !redialled) {
            redialled = true;
            loop.setup.metrics().increment(Counter.REDIALS);
            connect(from);
        } else if (failoverAllowed(from)) {
            failedOver = true;
            moveOn(from, failure);
        } else {
            fail(failure);
        }
    }

    /** The first failover after a death is free, any other takes a token. */
    private boolean failoverAllowed(Replica from) {
        boolean dead = !loop.setup.balancer().table().serves(from);
        return (dead && !failedOver) || loop.budget.take(System.nanoTime());
    }

    @Override
    public void tick(long now) {
        long idle = now - progressAt;
        if (phase == Phase.TUNNEL && idle > TUNNEL_IDLE_NANOS) {
            abort();
        } else if (phase != Phase.TUNNEL
                && phase != Phase.WAITING
                && idle > loop.shared.options().responseTimeout().toNanos()) {
            discardUpstream();
            fail(body.complete() ? new ProxyFailure.TimedOut() : new ProxyFailure.ClientTimedOut());
        }
    }

    @Override
    public void abort() {
        if (phase != Phase.OVER) {
            if (phase == Phase.WAITING) {
                loop.waiting.remove(this);
            }
            discardUpstream();
            finish(End.CUT);
        }
    }

    @Override
    public void requestMalformed(MalformedMessage fault) {
        discardUpstream();
        if (phase == Phase.WAITING) {
            loop.waiting.remove(this);
        }
        fail(new ProxyFailure.Rejected(fault));
    }

    private void fail(ProxyFailure failure) {
        if (phase == Phase.RELAYING || phase == Phase.TUNNEL) {
            loop.setup.metrics().increment(failure.counter());
            client.flush();
            finish(coding == BodyCoding.CLOSE ? End.RESET : End.CUT);
            return;
        }
        loop.setup.metrics().increment(failure.counter());
        answer(failure.reply(), !body.complete());
    }

    private void translateNotFound() {
        discardUpstream();
        String path = head.path();
        answer(Reply.error(400, "'" + path + "' endpoint does not exist in server replicas"), false);
    }

    private void answer(Reply reply, boolean closing) {
        close = closing || !head.keepAlive() || client.leaving();
        log.status(reply.status());
        ByteBuf out = client.alloc().ioBuffer(256 + reply.body().length);
        reply.write(out, head.method().equals("HEAD"), head.minorVersion(), close);
        log.relayed(out.readableBytes());
        client.write(out);
        finish(close ? End.CLOSE : End.KEEP_ALIVE);
    }

    private void discardUpstream() {
        UpstreamConnection connection = upstream;
        upstream = null;
        if (connection != null) {
            connection.discard();
        }
    }

    private void leaveReplica(int status) {
        Replica from = replica;
        replica = null;
        if (from != null) {
            from.inFlight().end(loop.setup.index());
            loop.setup.metrics().replicaRequest(from.slot(), status);
        }
    }

    private void finish(End end) {
        phase = Phase.OVER;
        body.drop();
        leaveReplica(log.status());
        loop.budget.end();
        log.end(hop);
        client.exchangeEnded(end);
    }

    // ---- upgraded -----------------------------------------------------------------------------------------------

    private void upgrade(ResponseHead response) {
        relayHead(response, new ResponseHop(1, false, BodyCoding.NONE));
        log.status(101);
        client.flush();
        phase = Phase.TUNNEL;
        if (upstream != null) {
            upstream.tunnel();
        }
        client.tunnel();
    }

    /** Bytes between client and replica after an upgrade; from whichever side calls. */
    @Override
    public void tunnelData(ByteBuf data) {
        progressAt = System.nanoTime();
        client.write(data);
        if (!client.writable() && upstream != null) {
            upstream.setReading(false);
        }
    }

    @Override
    public void tunnelInputEnded() {
        client.shutdownOutput();
    }

    @Override
    public void tunnelFromClient(ByteBuf data) {
        progressAt = System.nanoTime();
        if (upstream == null) {
            data.release();
            return;
        }
        upstream.write(data);
        if (!upstream.writable()) {
            client.setReading(false);
        }
    }

    @Override
    public void tunnelFromClientEnded() {
        if (upstream != null) {
            upstream.shutdownOutput();
        }
    }
}
