package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.telemetry.AccessRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one exchange tells metrics and access log in the end. */
final class ExchangeLog {
    private final ProxyLoop loop;
    private final RequestHead head;
    private final ClientHop hop;
    private final long startedAt;
    private @Nullable Replica replica;
    private int attempts;
    private int status;
    private long bodyBytes;

    ExchangeLog(ProxyLoop loop, RequestHead head, ClientHop hop, long startedAt) {
        this.loop = loop;
        this.head = head;
        this.hop = hop;
        this.startedAt = startedAt;
    }

    long startedAt() {
        return startedAt;
    }

    void attempt(Replica next) {
        replica = next;
        attempts++;
    }

    /** More of the answer's body is on its way. */
    void relayed(int bytes) {
        bodyBytes += bytes;
    }

    void status(int code) {
        status = code;
    }

    /** Status sent to the client; 0 if there was none. */
    int status() {
        return status;
    }

    void end() {
        long nanos = System.nanoTime() - startedAt;
        loop.setup.metrics().requestEnded(status, nanos);
        if (loop.shared.accessLog().enabled()) {
            loop.shared.accessLog().log(record(nanos));
        }
    }

    private AccessRecord record(long nanos) {
        Fields fields = head.fields();
        Replica last = replica;
        return new AccessRecord(
                hop.client(),
                Instant.now().minusNanos(nanos),
                head.method(),
                head.target(),
                head.minorVersion(),
                status,
                bodyBytes,
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
