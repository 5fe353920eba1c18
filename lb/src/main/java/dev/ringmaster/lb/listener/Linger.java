package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.http.Output;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;

/**
 * The end of a client's connection that does not cost it its last answer (RFC 9112 9.6): what was written goes out, then
 * the output ends, then a little more input is taken, so that no reset overtakes the answer. From a client that has ended
 * its input, or that sends nothing more, nothing is taken. Event loop only.
 */
final class Linger {
    private static final int MOST_DISCARDED = 64 << 10;

    private final Channel channel;
    private final FrontendClock clock;
    private boolean inputEnded;
    private boolean outputEnded;
    private int discarded;
    private long since;

    /** @param inputEnded whether the client sends nothing more */
    Linger(Channel channel, FrontendClock clock, boolean inputEnded) {
        this.channel = channel;
        this.clock = clock;
        this.inputEnded = inputEnded;
    }

    void start(Output output) {
        output.drain(this::flushed);
        if (!outputEnded) {
            channel.config().setAutoRead(false);
        }
    }

    private void flushed() {
        outputEnded = true;
        if (inputEnded || !channel.isActive()) {
            channel.close();
            return;
        }
        since = System.nanoTime();
        // The end of the input closes the channel from now on: nobody has to be told of it first.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        ((DuplexChannel) channel).shutdownOutput();
        channel.config().setAutoRead(true);
    }

    /** Input that nobody asked for. */
    void discard(ByteBuf data) {
        discarded += data.readableBytes();
        data.release();
        if (outputEnded && discarded > MOST_DISCARDED) {
            channel.close();
        }
    }

    /** The client has sent its last byte before all was written. */
    void inputEnded() {
        inputEnded = true;
    }

    /** Whether the client has had time enough to read its answer. */
    boolean over(long now) {
        return outputEnded && clock.lingerOver(since, now);
    }
}
