package dev.ringmaster.lb.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

final class ReceiveSizesTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExtendedHandle sizes = new ReceiveSizes().newHandle();

    /** A turn of reads that got so many bytes each. */
    private void turn(int... reads) {
        sizes.reset(channel.config());
        for (int bytes : reads) {
            read(bytes);
        }
        sizes.readComplete();
    }

    private void read(int bytes) {
        sizes.attemptedBytesRead(sizes.guess());
        sizes.lastBytesRead(bytes);
        sizes.incMessagesRead(1);
    }

    @Test
    void guess_growsAsSoonAsAReadIsFull_upToTheMost() {
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.FIRST);
        turn(ReceiveSizes.FIRST - 1);
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.FIRST);
        turn(ReceiveSizes.FIRST);
        assertThat(sizes.guess()).isEqualTo(16 * ReceiveSizes.FIRST);
        turn(sizes.guess(), ReceiveSizes.MOST, ReceiveSizes.MOST);
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.MOST);
    }

    @Test
    void guess_shrinksAfterTwoTurnsThatNeededLittle_downToTheLeast() {
        turn(100);
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.FIRST);
        turn(1500);
        turn(100);
        assertThat(sizes.guess()).as("much came in between").isEqualTo(ReceiveSizes.FIRST);
        turn(100);
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.FIRST / 2);
        for (int i = 0; i < 10; i++) {
            turn(-1);
        }
        assertThat(sizes.guess()).isEqualTo(ReceiveSizes.LEAST);
    }

    @Test
    void allocate_givesAsMuchRoomAsGuessed() {
        var room = sizes.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(room.writableBytes()).isEqualTo(sizes.guess());
        room.release();
    }

    @Test
    void continueReading_onlyWhileReadsAreFull_andItIsItsTurn() {
        sizes.reset(channel.config());
        read(10);
        assertThat(sizes.continueReading()).isFalse();
        assertThat(sizes.continueReading(() -> true)).isTrue();
        assertThat(sizes.continueReading(() -> false)).isFalse();
        sizes.reset(channel.config());
        for (int i = 0; i < 15; i++) {
            read(sizes.guess());
            assertThat(sizes.continueReading()).as("read %d", i).isTrue();
        }
        read(sizes.guess());
        assertThat(sizes.lastBytesRead()).isEqualTo(sizes.attemptedBytesRead());
        assertThat(sizes.continueReading()).isFalse();
    }

    @Test
    void continueReading_notAtTheEnd_orWhereReadingIsPaused() {
        sizes.reset(channel.config());
        read(-1);
        assertThat(sizes.continueReading(() -> true)).isFalse();
        read(10);
        channel.config().setAutoRead(false);
        assertThat(sizes.continueReading(() -> true)).isFalse();
    }
}
