package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
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

    @Test
    void skipText_ofAnyRange_looksAtNothingBehindItsEnd() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] some = {'a', ' ', '\t', '\r', '\n', 0, 0x1f, 0x20, 0x7f, (byte) 0x80, (byte) 0xff};
        for (int trial = 0; trial < 2_000; trial++) {
            byte[] bytes = new byte[random.nextInt(30)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = random.nextInt(4) == 0 ? some[random.nextInt(some.length)] : (byte) 'b';
            }
            int start = random.nextInt(bytes.length + 1);
            int end = random.nextInt(start, bytes.length + 1);
            int expected = start;
            while (expected < end && Bytes.is(bytes[expected], Bytes.TEXT)) {
                expected++;
            }
            assertThat(Bytes.skipText(bytes, start, end))
                    .as("seed %d: %s from %d to %d", seed, Arrays.toString(bytes), start, end)
                    .isEqualTo(expected);
        }
    }
}
