package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.balance.RoutingTable;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestWriter;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.proxy.Downstream.End;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import dev.ringmaster.lb.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * <pre>
 *  start ─> attempt ─┬─ Attempt.start ─ send ───────────> informed ─> relaying ─> over
 *             ^      │        ├─ refused: next candidate   │  └─ upgraded: tunnel ─> over
 *             │      │        └─ takes long: hedge         └─ broken: 502, 504
 *             │      └─ no candidate: wait for one
 *             └── redial, failover, woken <── broken before a byte of the answer was relayed
 * </pre>
 *
 * What may be tried again depends on how far it got. <i>Unsent</i>: anything. <i>Sent</i>: only an idempotent request
 * whose body is still held. <i>Informed</i> by a 1xx: nothing, but it can still be answered. <i>Relaying</i>: nothing, the
 * client sees the cut. Any call to the client or to a connection may call back before it returns. Event loop only.
 */
public final class Exchange implements RequestHandler, WaitQueue.Waiter {
    private enum Phase {
        TRYING,
        WAITING,
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
    private Phase phase = Phase.TRYING;
    private @Nullable WaitQueue queue;
    private long waitsSince;
    private long progressAt;
    private boolean progressed;
    private @Nullable Attempt current;
    private @Nullable Attempt beside;
    private @Nullable Reply instead;
    private @Nullable Tunnel tunnel;

    public Exchange(ProxyLoop loop, Downstream client, RequestHead head) {
        this.loop = loop;
        this.client = client;
        this.head = head;
        this.hop = new ClientHop(loop, head, client.peer());
        this.log = new ExchangeLog(loop, head, hop, System.nanoTime());
        this.body = new RequestBody(loop, head);
        this.answer = new Answer(client, head, body, log);
        this.attempts = new Attempts(loop, head, log.startedAt());
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
        phase = Phase.TRYING;
        RoutingTable table = loop.setup.balancer().table();
        current = attempts.next(this, table);
        if (current == null) {
            awaitReplica(table);
        } else {
            log.attempt(current.replica());
            current.start(head.idempotent());
        }
    }

    /** No connection to its replica could be had. */
    void refused(Attempt attempt) {
        brokeOff(attempt, new ProxyFailure.ReplicaFailed(), true);
    }

    /** Goes on without this attempt: by the one beside it, or by the next candidate if that is allowed. */
    private void brokeOff(Attempt attempt, ProxyFailure failure, boolean mayMoveOn) {
        Attempt left = attempt == current ? beside : current;
        if (left == null && !mayMoveOn) {
            fail(failure);
            return;
        }
        attempt.end(0);
        attempts.failed(attempt, failure);
        current = left;
        beside = null;
        if (left == null) {
            attempt();
            flush();
        }
    }

    /** No candidate is left: that ends the exchange, unless one may come in time. */
    private void awaitReplica(RoutingTable table) {
        WaitQueue where = attempts.queue(table);
        boolean first = where != queue;
        if (first) {
            queue = where;
            waitsSince = System.nanoTime();
        }
        phase = Phase.WAITING;
        if (where == null || !where.add(this, waitsSince)) {
            fail(attempts.lastFailure());
        } else if (first) {
            loop.setup.metrics().increment(Counter.WAITS);
        }
    }

    @Override
    public long waitsSince() {
        return waitsSince;
    }

    @Override
    public void woken() {
        attempt();
        flush();
    }

    @Override
    public void waitedInVain() {
        loop.setup.metrics().increment(Counter.WAIT_TIMEOUTS);
        fail(attempts.lastFailure());
    }

    /** Sends what there is of the request on this attempt's connection. */
    void send(Attempt attempt, UpstreamConnection connection) {
        progressed = true;
        connection.expect(head.method().equals("HEAD"));
        RequestWriter.head(
                head, hop.to(attempt.replica()), connection.room(head.fields().size() + 256));
        if (attempt.connection() == connection) {
            body.startOn(connection, head.idempotent());
            client.setReading(connection.writable());
            if (attempt == current && head.idempotent()) {
                loop.hedges.sent(this, attempt);
            }
        }
    }

    /** Whether another replica could get the whole request as well. */
    private boolean mayRepeat() {
        return head.idempotent() && body.complete() && body.replayable();
    }

    /** Whether nothing of an answer has come to this attempt, the only one. */
    boolean awaitsHeadOf(Attempt attempt) {
        return phase == Phase.TRYING && attempt == current && beside == null && attempt.connection() != null;
    }

    /** The answer takes longer than usual: a second replica gets the request, too. */
    void hedge() {
        Attempt slow = current;
        Attempt second = slow == null || !mayRepeat() ? null : attempts.beside(this, slow);
        if (second != null) {
            loop.setup.metrics().increment(Counter.HEDGES);
            beside = second;
            second.start(true);
            second.flush();
        }
    }

    @Override
    public void requestBody(ByteBuf data) {
        progressed = true;
        body.add(data, connection());
        if (phase != Phase.OVER) {
            UpstreamConnection to = connection();
            client.setReading(to == null ? !body.full() : to.writable());
        }
    }

    @Override
    public void requestEnd(Fields trailers) {
        body.end(trailers, connection());
    }

    private @Nullable UpstreamConnection connection() {
        return current == null ? null : current.connection();
    }

    @Override
    public void flush() {
        if (current != null) {
            current.flush();
        }
    }

    void upstreamWritable(boolean writable) {
        progressed = true;
        client.setReading(writable);
    }

    /** The first attempt that is answered is the one that counts. */
    void responseHead(Attempt from, ResponseHead response) {
        progressed = true;
        if (from == beside) {
            loop.setup.metrics().increment(Counter.HEDGE_WINS);
            log.attempt(from.replica());
            beside = current;
            current = from;
        }
        if (beside != null) {
            beside.outrun();
            beside = null;
        }
        if (response.status() == 101) {
            switchProtocols(from, response);
        } else if (!response.informational()) {
            finalHead(from, response);
        } else if (head.minorVersion() == 1) {
            phase = Phase.INFORMED;
            answer.inform(response);
        }
    }

    private void finalHead(Attempt from, ResponseHead response) {
        attempts.answered(from, response.status());
        from.answered(response, body.complete());
        body.drop();
        if (response.status() == 404 && loop.shared.options().translateNotFound()) {
            instead = OwnReplies.notFound(head);
        } else {
            phase = Phase.RELAYING;
            answer.head(response, attempts.added(from));
        }
    }

    void responseBody(ByteBuf data) {
        progressed = true;
        if (instead != null) {
            data.release();
            return;
        }
        answer.body(data);
        if (!client.writable() && current != null) {
            current.setReading(false);
        }
    }

    void responseEnd(Fields trailers) {
        End end = instead == null ? answer.end(trailers) : answer.reply(instead, false);
        if (current != null) {
            current.release(body.complete());
        }
        finish(end);
    }

    void upstreamReadComplete() {
        client.flush();
    }

    @Override
    public void clientWritable(boolean writable) {
        progressed = true;
        if (current != null) {
            current.setReading(writable);
        }
    }

    /** The connection of an attempt broke; {@code stale}: as one does that was dead before the request was sent. */
    void broken(Attempt attempt, Throwable cause, boolean stale) {
        boolean again =
                phase == Phase.TRYING && head.idempotent() && body.replayable() && !(cause instanceof MalformedMessage);
        if (again && stale && attempt.redial()) {
            loop.setup.metrics().increment(Counter.REDIALS);
            return;
        }
        boolean mayMoveOn = again && beside == null && attempts.mayFailOver(attempt);
        brokeOff(attempt, new ProxyFailure.ReplicaFailed(), mayMoveOn);
    }

    @Override
    public void tick(long now) {
        if (progressed || isClientsTurn()) {
            progressAt = now;
            progressed = false;
        }
        switch (phase) {
            case TUNNEL -> Objects.requireNonNull(tunnel).tick(now);
            case TRYING, INFORMED, RELAYING -> {
                // Until there is a connection the connect timeout has a clock of its own.
                if (connection() != null && now - progressAt > loop.responseTimeoutNanos()) {
                    fail(Objects.requireNonNull(current).timedOut());
                } else if (current != null
                        && awaitsHeadOf(current)
                        && mayRepeat()
                        && attempts.isOverdue(current, now)) {
                    brokeOff(current, current.timedOut(), true);
                }
            }
            case WAITING, OVER -> {} // The queue has a clock of its own.
        }
    }

    /** Whether the replica cannot go on: the listener watches over slow clients. */
    private boolean isClientsTurn() {
        UpstreamConnection to = connection();
        boolean uploading = phase != Phase.RELAYING && !body.complete() && to != null && to.writable();
        boolean mayHoldBack = phase == Phase.TRYING && head.expectContinue();
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
        if (phase == Phase.WAITING && queue != null) {
            queue.remove(this);
        }
        if (current != null) {
            current.release(false);
        }
    }

    private void finish(End end) {
        phase = Phase.OVER;
        body.drop();
        if (current != null) {
            current.end(log.status());
            current = null;
        }
        if (beside != null) {
            beside.drop();
            beside = null;
        }
        loop.budget.end();
        log.end();
        client.exchangeEnded(end);
    }

    private void switchProtocols(Attempt from, ResponseHead response) {
        UpstreamConnection upstream = from.connection();
        if (upstream == null || !head.websocket() || !response.websocket()) {
            from.blame();
            fail(new ProxyFailure.ReplicaFailed());
            return;
        }
        phase = Phase.TUNNEL;
        Tunnel upgraded = new Tunnel(client, upstream, log, this::abort);
        tunnel = upgraded;
        log.status(101);
        answer.inform(response);
        from.tunnel(upgraded);
        client.tunnel(upgraded);
        flush();
    }
}
