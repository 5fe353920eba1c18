package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LongHeapTest {

    @Test
    void removeLeast_randomSteps_equalsPriorityQueue() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 200; round++) {
            LongHeap heap = new LongHeap();
            PriorityQueue<Long> expected = new PriorityQueue<>();
            for (int step = 0; step < 400; step++) {
                if (expected.isEmpty() || random.nextInt(3) > 0) {
                    long value = random.nextLong(1L << (1 + random.nextInt(40)));
                    heap.add(value);
                    expected.add(value);
                } else {
                    assertThat(heap.removeLeast()).isEqualTo(expected.remove());
                }
            }
        }
    }
}
