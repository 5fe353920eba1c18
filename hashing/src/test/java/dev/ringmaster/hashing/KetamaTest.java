package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The ring where the weights ask for more points than it may have. */
class KetamaTest {
    private static final HashOptions MOST = HashOptions.defaults().withKetamaVirtualNodes(10_000);
    private static final KeySample KEYS = KeySample.random(100_000, 5);

    @Test
    void ketama_greatWeights_keepTheirProportionsOnARingThatIsBounded() {
        List<Server> servers = List.of(new Server(0, 1000), new Server(1, 500), new Server(2, 500));
        ConsistentHash<Server> hash = Server.hash("ketama", MOST, servers);

        assertThat(((Ketama<Server>) hash).size()).isBetween(Ketama.MOST_POINTS - 3, Ketama.MOST_POINTS + 3);
        Spread spread = Spread.of(hash, KEYS);
        assertThat(spread.count(0)).isBetween(49_000L, 51_000L);
        assertThat(spread.count(1)).isBetween(24_000L, 26_000L);
    }

    @Test
    void ketama_equalWeights_areAsOthersThatAreEqualOnceTheRingIsFull() {
        ConsistentHash<Server> heavy = Server.hash("ketama", MOST, List.of(new Server(0, 1000), new Server(1, 1000)));
        ConsistentHash<Server> light = Server.hash("ketama", MOST, List.of(new Server(0, 100), new Server(1, 100)));

        for (long i = 0; i < KEYS.size(); i++) {
            long key = KEYS.keyHash().applyAsLong(i);
            assertThat(heavy.ownerIndex(key)).isEqualTo(light.ownerIndex(key));
        }
    }
}
