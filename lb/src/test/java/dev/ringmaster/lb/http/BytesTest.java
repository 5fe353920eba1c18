package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class BytesTest {
    @Test
    void skipText_everyByteAtEveryPlace_endsWhereTheFirstOtherStands() {
        for (int b = 0; b < 256; b++) {
            for (int place = 0; place < 19; place++) {
                byte[] bytes = new byte[19];
                Arrays.fill(bytes, (byte) (place % 2 == 0 ? 'a' : 0xff));
                bytes[place] = (byte) b;

                int end = Bytes.is((byte) b, Bytes.TEXT) ? bytes.length : place;
                assertThat(Bytes.skipText(bytes, 0, bytes.length))
                        .as("%d at %d", b, place)
                        .isEqualTo(end);
            }
        }
    }
}
