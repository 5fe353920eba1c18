package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Integer> counted = new ArrayList<>();
    private final Output output = new Output(channel, counted::add);

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
        output.release();
    }

    private static ByteBuf text(String ascii) {
        return Unpooled.copiedBuffer(ascii, StandardCharsets.US_ASCII);
    }

    private void append(String ascii) {
        output.room(ascii.length()).writeCharSequence(ascii, StandardCharsets.US_ASCII);
    }

    private List<String> written() {
        List<String> buffers = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            buffers.add(next.toString(StandardCharsets.US_ASCII));
            next.release();
        }
        return buffers;
    }

    @Test
    void headsAndSmallPieces_withoutAFlush_leaveAsOne() {
        append("head ");
        ByteBuf piece = text("piece ");
        output.write(piece);
        append("next");
        assertThat(piece.refCnt()).isZero();
        assertThat(output.pending()).isEqualTo("head piece next".length());
        assertThat(written()).isEmpty();
        output.flush();
        assertThat(written()).containsExactly("head piece next");
        assertThat(output.pending()).isZero();
        assertThat(counted).containsExactly("head piece next".length());
    }

    @Test
    void aGreatPiece_isPassedOnAsItIs_inItsPlace() {
        ByteBuf great = text("x".repeat(5000));
        append("head");
        output.write(great);
        append("tail");
        output.flush();
        assertThat(channel.<ByteBuf>readOutbound()).satisfies(ByteBuf::release).isNotSameAs(great);
        assertThat(channel.<ByteBuf>readOutbound()).satisfies(ByteBuf::release).isSameAs(great);
        assertThat(written()).containsExactly("tail");
    }

    @Test
    void smallPieces_withNothingBefore_leaveTogether() {
        for (int i = 0; i < 100; i++) {
            output.write(text("piece"));
        }
        output.flush();
        assertThat(written()).containsExactly("piece".repeat(100));
    }

    @Test
    void aHead_greaterThanItsEstimate_isWhole() {
        output.room(10).writeCharSequence("y".repeat(4000), StandardCharsets.US_ASCII);
        output.flush();
        assertThat(written()).containsExactly("y".repeat(4000));
    }

    @Test
    void whatWasNotFlushed_isReleasedWithTheChannel() {
        ByteBuf room = output.room(10);
        channel.close();
        output.release();
        assertThat(room.refCnt()).isZero();
        assertThat(output.pending()).isEqualTo(-1);
    }
}
