package dev.ringmaster.lb.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much room a client's next read gets: more as soon as a read has filled it, less after two turns that needed less
 * than half of it. Netty's adaptive allocator does the same with four objects a connection, where this is one.
 */
final class ReceiveSizes implements RecvByteBufAllocator {
    static final int LEAST = 512;
    static final int FIRST = 2048;
    static final int MOST = 64 << 10;
    private static final int GROWTH = 16;
    /** So many reads in a row, then it is other connections' turn. */
    private static final int MOST_READS = 16;

    @Override
    public ExtendedHandle newHandle() {
        return new Sizes();
    }

    /** Of one connection; event loop only. */
    private static final class Sizes implements ExtendedHandle {
        private @Nullable ChannelConfig config;
        private int size = FIRST;
        private int attempted;
        private int last;
        private int reads;
        private boolean little;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(size);
        }

        @Override
        public int guess() {
            return size;
        }

        /** A turn begins. */
        @Override
        public void reset(ChannelConfig channel) {
            config = channel;
            reads = 0;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += count;
        }

        @Override
        public void lastBytesRead(int bytes) {
            last = bytes;
            if (bytes == attempted && bytes >= size) {
                size = Math.min(MOST, size * GROWTH);
                little = false;
            }
        }

        @Override
        public int lastBytesRead() {
            return last;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            attempted = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return attempted;
        }

        @Override
        public boolean continueReading() {
            return mayContinue() && last == attempted;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier more) {
            return mayContinue() && more.get();
        }

        private boolean mayContinue() {
            return last > 0
                    && reads < MOST_READS
                    && Objects.requireNonNull(config).isAutoRead();
        }

        /** A turn has ended. */
        @Override
        public void readComplete() {
            if (reads > 1 || last > size / 2) {
                little = false;
            } else if (little) {
                size = Math.max(LEAST, size / 2);
                little = false;
            } else {
                little = true;
            }
        }
    }
}
