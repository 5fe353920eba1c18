package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/** An upgraded connection: bytes both ways as they are, until both sides have sent their last. Event loop only. */
public final class Tunnel {
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Downstream client;
    private final UpstreamConnection replica;
    private final ExchangeLog log;
    private final Runnable over;
    private long progressAt = System.nanoTime();
    private boolean progressed;
    private int ended;

    /** Calls {@code over} once each side has got the other's last byte. */
    Tunnel(Downstream client, UpstreamConnection replica, ExchangeLog log, Runnable over) {
        this.client = client;
        this.replica = replica;
        this.log = log;
        this.over = over;
    }

    /** Bytes from the replica; takes ownership. */
    void toClient(ByteBuf data) {
        progressed = true;
        log.relayed(data.readableBytes());
        client.write(data);
        if (!client.writable()) {
            replica.setReading(false);
        }
    }

    /** Bytes from the client; takes ownership. */
    public void toReplica(ByteBuf data) {
        progressed = true;
        replica.write(data);
        if (!replica.writable()) {
            client.setReading(false);
        }
    }

    /** The replica has sent its last byte. */
    void replicaEnded() {
        client.shutdownOutput(this::halfEnded);
    }

    /** The client has sent its last byte. */
    public void clientEnded() {
        replica.shutdownOutput(this::halfEnded);
    }

    private void halfEnded() {
        ended++;
        if (ended == 2) {
            over.run();
        }
    }

    /** Looks at the clock: where nothing comes for too long, the tunnel is over. */
    void tick(long now) {
        if (progressed) {
            progressAt = now;
            progressed = false;
        } else if (now - progressAt > IDLE_NANOS) {
            over.run();
        }
    }
}
