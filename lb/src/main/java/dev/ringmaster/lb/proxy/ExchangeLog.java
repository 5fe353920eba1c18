package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.AccessRecord;
import dev.ringmaster.lb.telemetry.LoopMetrics;
import dev.ringmaster.lb.telemetry.LoopMetrics.Counter;
import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one exchange tells metrics and access log in the end. */
final class ExchangeLog {
    private final ProxyLoop loop;
    private final RequestHead head;
    private final InetAddress peer;
    private final long startedAt;
    private @Nullable Replica replica;
    private int attempts;
    private int status;
    private long bytesIn;
    private long bytesToReplica;
    private long bytesOut;

    ExchangeLog(ProxyLoop loop, RequestHead head, InetAddress peer, long startedAt) {
        this.loop = loop;
        this.head = head;
        this.peer = peer;
        this.startedAt = startedAt;
    }

    long startedAt() {
        return startedAt;
    }

    void attempt(Replica next) {
        replica = next;
        attempts++;
    }

    void sent(int bytes) {
        bytesToReplica += bytes;
    }

    void received(int bytes) {
        bytesIn += bytes;
        bytesToReplica += bytes;
    }

    void relayed(int bytes) {
        bytesOut += bytes;
    }

    void status(int code) {
        status = code;
    }

    /** Status sent to the client; 0 if there was none. */
    int status() {
        return status;
    }

    void end(ClientHop hop) {
        long nanos = System.nanoTime() - startedAt;
        LoopMetrics metrics = loop.setup.metrics();
        metrics.requestEnded(status, nanos);
        metrics.add(Counter.CLIENT_BYTES_IN, bytesIn);
        metrics.add(Counter.REPLICA_BYTES_OUT, bytesToReplica);
        metrics.add(Counter.CLIENT_BYTES_OUT, bytesOut);
        if (loop.shared.accessLog().enabled()) {
            loop.shared.accessLog().log(record(hop, nanos));
        }
    }

    private AccessRecord record(ClientHop hop, long nanos) {
        Fields fields = head.fields();
        Replica last = replica;
        return new AccessRecord(
                peer,
                Instant.now().minusNanos(nanos),
                head.method(),
                head.target(),
                head.minorVersion(),
                status,
                bytesOut,
                nanos,
                last == null ? "-" : last.name(),
                last == null ? -1 : last.slot(),
                attempts,
                fields.get("referer"),
                fields.get("user-agent"),
                hop.requestId(),
                head.host());
    }
}
