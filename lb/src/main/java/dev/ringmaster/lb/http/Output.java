package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The writing side of a connection. Heads, frames and small pieces of bodies that follow each other without a flush in
 * between are put into one buffer: they leave by one plain system call, which costs less than gathering several buffers.
 * Greater pieces pass as they are. Event loop only.
 */
public final class Output {
    /** Up to this size copying is cheaper than one more buffer to write. */
    private static final int SMALL = 1024;

    private final Channel channel;
    private final IntConsumer counter;
    private @Nullable ByteBuf tail;
    private boolean unflushed;

    /**
     * Writes to a channel.
     *
     * @param counter hears of bytes handed to the channel
     */
    public Output(Channel channel, IntConsumer counter) {
        this.channel = channel;
        this.counter = counter;
    }

    /** Where to append what was not there before; it is this object's, and grows when the estimate was too low. */
    public ByteBuf room(int estimate) {
        ByteBuf last = tail;
        if (last == null || last.writableBytes() < estimate) {
            push();
            last = channel.alloc().ioBuffer(estimate + SMALL);
            tail = last;
            unflushed = true;
        }
        return last;
    }

    /** Writes without flushing; takes ownership. */
    public void write(ByteBuf data) {
        int length = data.readableBytes();
        if (length <= SMALL) {
            // Also with nothing before it: many tiny chunks would each need more than themselves to be kept.
            room(length).writeBytes(data);
            data.release();
        } else {
            push();
            hand(data);
        }
    }

    public void flush() {
        if (unflushed) {
            push();
            unflushed = false;
            channel.flush();
        }
    }

    /** Bytes that are not on their way yet; -1 if the channel takes none any more. */
    public long pending() {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        return out == null ? -1 : out.totalPendingWriteBytes() + (tail == null ? 0 : tail.readableBytes());
    }

    /** Flushes; {@code then} runs once all that was written is on its way, or never will be. */
    public void drain(Runnable then) {
        flush();
        if (pending() <= 0) {
            then.run();
        } else {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> then.run());
        }
    }

    /** Ends the output; {@code ended} runs once all that was written before is on its way. */
    public void end(Runnable ended) {
        drain(() -> {
            ((DuplexChannel) channel).shutdownOutput();
            ended.run();
        });
    }

    /** Drops what was not handed to the channel; to be called once the channel is closed. */
    public void release() {
        if (tail != null) {
            tail.release();
            tail = null;
        }
    }

    private void push() {
        ByteBuf last = tail;
        if (last != null) {
            tail = null;
            hand(last);
        }
    }

    private void hand(ByteBuf data) {
        unflushed = true;
        counter.accept(data.readableBytes());
        channel.write(data, channel.voidPromise());
    }
}
