package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopAllocatorTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final LoopAllocator buffers = new LoopAllocator(loop);

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void directBuffer_afterOneWasGivenBack_isThatOneAndEmpty() throws Exception {
        onLoop(() -> {
            ByteBuf first = buffers.directBuffer(100);
            ByteBuf second = buffers.directBuffer(100);
            long place = first.memoryAddress();
            first.writeLong(1).readByte();
            assertThat(first.release()).isTrue();

            ByteBuf again = buffers.ioBuffer(2000);

            assertThat(again.memoryAddress()).isEqualTo(place).isNotEqualTo(second.memoryAddress());
            assertThat(again.readerIndex()).isZero();
            assertThat(again.isReadable()).isFalse();
            assertThat(again.refCnt()).isEqualTo(1);
            second.release();
            again.release();
            return null;
        });
    }

    @Test
    void use_ofWhatWasGivenBack_fails() throws Exception {
        onLoop(() -> {
            ByteBuf gone = buffers.directBuffer(100);
            gone.release();

            assertThatThrownBy(() -> gone.writeByte(1)).isInstanceOf(IllegalReferenceCountException.class);
            assertThatThrownBy(gone::release).isInstanceOf(IllegalReferenceCountException.class);
            return null;
        });
    }

    @Test
    void slice_keepsItsBuffer_untilItIsGivenBack() throws Exception {
        onLoop(() -> {
            ByteBuf whole = buffers.directBuffer(100).writeLong(7);
            long place = whole.memoryAddress();
            ByteBuf part = whole.readRetainedSlice(8);
            whole.release();
            ByteBuf other = buffers.directBuffer(100).writeLong(8);

            assertThat(other.memoryAddress()).isNotEqualTo(place);
            assertThat(part.readLong()).isEqualTo(7);
            part.release();
            other.release();
            return null;
        });
    }

    @Test
    void buffer_thatGrew_keepsItsBytesAndIsNotTakenForASmallOne() throws Exception {
        onLoop(() -> {
            ByteBuf grown = buffers.directBuffer(100).writeLong(5);
            grown.writeZero(3 * LoopAllocator.SMALL);
            assertThat(grown.readLong()).isEqualTo(5);
            grown.release();

            ByteBuf next = buffers.directBuffer(100);

            assertThat(next.capacity()).isEqualTo(LoopAllocator.SMALL);
            next.release();
            return null;
        });
    }

    @Test
    void directBuffer_moreThanTheLoopKeeps_areAllDifferent() throws Exception {
        onLoop(() -> {
            List<ByteBuf> all = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                all.add(buffers.directBuffer(100).writeInt(i));
            }
            for (int i = 0; i < 600; i++) {
                assertThat(all.get(i).readInt()).isEqualTo(i);
                all.get(i).release();
            }
            return null;
        });
    }

    @Test
    void buffers_ofOtherSizesKindsAndThreads_comeFromTheGeneralPool() throws Exception {
        ByteBuf elsewhere = buffers.directBuffer(100);
        assertThat(elsewhere.alloc()).isNotSameAs(buffers);
        elsewhere.release();
        onLoop(() -> {
            ByteBuf large = buffers.directBuffer(LoopAllocator.SMALL + 1);
            ByteBuf bounded = buffers.directBuffer(10, 20);
            ByteBuf heap = buffers.heapBuffer(10);

            assertThat(large.alloc()).isNotSameAs(buffers);
            assertThat(bounded.maxCapacity()).isEqualTo(20);
            assertThat(heap.hasArray()).isTrue();
            large.release();
            bounded.release();
            heap.release();
            return null;
        });
    }

    @Test
    void release_onAnotherThread_givesTheMemoryUp() throws Exception {
        ByteBuf taken = onLoop(() -> buffers.directBuffer(100));

        assertThat(taken.release()).isTrue();

        ByteBuf next = onLoop(() -> buffers.directBuffer(100));
        assertThat(bare(next)).isNotSameAs(bare(taken));
        onLoop(next::release);
    }

    /** Without what looks for leaks, which is another object each time. */
    private static ByteBuf bare(ByteBuf buffer) {
        return buffer.unwrap() == null ? buffer : buffer.unwrap();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get();
    }
}
