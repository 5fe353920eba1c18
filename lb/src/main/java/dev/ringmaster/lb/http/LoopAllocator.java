package dev.ringmaster.lb.http;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;

/**
 * Buffers of one event loop. Small ones are of one size and the one that was given back last is taken first, as it is in
 * the processor's cache; a general pool hands its buffers out in turn, and has to find the right size. What is asked for
 * larger, and what is more than usual, comes from Netty's pool, as does everything where Netty may not use Unsafe.
 * Buffers may be given back on any thread, though one given back elsewhere is not used again.
 */
public final class LoopAllocator extends AbstractByteBufAllocator {
    /** Room for a usual head and a little of a body, in bytes. */
    static final int SMALL = 4096;
    /** As many as a busy loop has under way at once. */
    private static final int MOST = 512;

    private final ByteBufAllocator others = PooledByteBufAllocator.DEFAULT;
    private final EventExecutor loop;
    private final ArrayDeque<Small> free = new ArrayDeque<>();
    private int made;

    public LoopAllocator(EventExecutor loop) {
        super(true);
        this.loop = loop;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return true;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return others.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        if (initialCapacity <= SMALL && maxCapacity == Integer.MAX_VALUE && loop.inEventLoop()) {
            Small last = free.pollLast();
            if (last != null) {
                last.again();
                return toLeakAwareBuffer(last);
            }
            if (made < MOST && PlatformDependent.hasUnsafe()) {
                return another(initialCapacity);
            }
        }
        return others.directBuffer(initialCapacity, maxCapacity);
    }

    private ByteBuf another(int initialCapacity) {
        try {
            Small small = new Small();
            made++;
            return toLeakAwareBuffer(small);
        } catch (OutOfMemoryError full) {
            // Of what the pool has there may be some left.
            return others.directBuffer(initialCapacity);
        }
    }

    private final class Small extends UnpooledUnsafeDirectByteBuf {
        Small() {
            super(LoopAllocator.this, SMALL, Integer.MAX_VALUE);
        }

        void again() {
            resetRefCnt();
            clear();
        }

        /** Nobody has it any more. */
        @Override
        protected void deallocate() {
            boolean here = loop.inEventLoop();
            if (here && capacity() == SMALL) {
                free.addLast(this);
                return;
            }
            if (here) {
                made--;
            }
            super.deallocate();
        }
    }
}
