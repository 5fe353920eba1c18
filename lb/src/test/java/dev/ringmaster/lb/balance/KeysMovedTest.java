package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ringmaster.hashing.ConsistentHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of the keys that another configuration moved, against where they were and are at home. */
final class KeysMovedTest {
    private static final int KEYS = 20_000;

    private static BalanceOptions options(String algorithm, String function, String... key) {
        BalanceOptions usual = Pools.options("consistent-hash", algorithm, key);
        return new BalanceOptions(usual.policy(), usual.hash().withFunction(function), usual.key());
    }

    private static RoutingTables tables(BalanceOptions options) {
        return new RoutingTables(options, KeysMovedTest.class.getClassLoader());
    }

    private static List<Integer> homes(RoutingTable table) {
        List<Integer> homes = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            byte[] key = ("user-" + i).getBytes(StandardCharsets.US_ASCII);
            homes.add(table.hash().owner(table.distribution().key().hashOf(key)));
        }
        return homes;
    }

    private static double moved(List<Integer> before, List<Integer> after) {
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            moved += before.get(i).equals(after.get(i)) ? 0 : 1;
        }
        return (double) moved / KEYS;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "capped-rendezvous", "ketama", "maglev", "jump", "rendezvous"})
    void anotherFunction_keepsTheTableAndMovesWhatIsSaid(String algorithm) {
        RoutingTables tables = tables(options(algorithm, "farmhash64", "header:x-key"));
        tables.publish(Pools.of(5));
        tables.publish(Pools.without(Pools.of(5), 2));
        ConsistentHash<Integer> table = tables.current().hash();
        List<Integer> before = homes(tables.current());

        tables.reconfigure(options(algorithm, "siphash24", "header:x-key"));

        assertThat(tables.current().hash()).isSameAs(table);
        assertThat(tables.lastMoved())
                .isBetween(0.5, 0.77)
                .isCloseTo(moved(before, homes(tables.current())), within(0.02));
    }

    @Test
    void anotherFunctionAndTable_moveWhatIsSaid() {
        RoutingTables tables = tables(options("ketama", "farmhash64", "header:x-key"));
        tables.publish(Pools.weighted(6, 2, 1, 1));
        List<Integer> before = homes(tables.current());
        tables.reconfigure(options("maglev", "siphash24", "header:x-key"));
        assertThat(tables.lastMoved())
                .isCloseTo(1 - 0.36 - 0.04 - 0.02, within(0.05))
                .isCloseTo(moved(before, homes(tables.current())), within(0.02));
    }

    @Test
    void anotherFunction_laterChangesGoByIt() {
        RoutingTables tables = tables(options("jump", "farmhash64", "header:x-key"));
        tables.publish(Pools.of(5));
        tables.reconfigure(options("jump", "siphash24", "header:x-key"));
        ConsistentHash<Integer> table = tables.current().hash();
        tables.reconfigure(options("jump", "siphash24", "header:x-key"));
        assertThat(tables.current().hash()).isSameAs(table);
        assertThat(tables.lastMoved()).isCloseTo(0.8, within(0.01));
        tables.publish(Pools.of(6));
        assertThat(tables.lastMoved()).isCloseTo(1.0 / 6, within(0.01));
    }

    @ParameterizedTest
    @CsvSource({
        "header:x-key, header:x-user, 0.8",
        "header:x-key, 'header:x-key,uri', 0.8",
        "header:x-key, random, 0.8",
        "random, header:x-key, 0",
    })
    void anotherKey_movesAllThatHadAHome(String before, String after, double moved) {
        RoutingTables tables = tables(options("maglev", "farmhash64", before.split(",")));
        tables.publish(Pools.of(4));
        tables.publish(Pools.of(5));
        assertThat(tables.lastMoved()).isCloseTo(0.2, within(0.03));
        tables.reconfigure(options("maglev", "farmhash64", after.split(",")));
        assertThat(tables.lastMoved()).isCloseTo(moved, within(0.01));
    }

    @Test
    void theSameKey_movesNothing() {
        RoutingTables tables = tables(options("maglev", "farmhash64", "header:x-key"));
        tables.publish(Pools.of(4));
        tables.publish(Pools.of(5));
        double said = tables.lastMoved();
        tables.reconfigure(options("maglev", "farmhash64", "header:X-Key", "random"));
        assertThat(tables.lastMoved()).isEqualTo(said);
    }

    @Test
    void anotherFunctionOfNoKey_movesNothing() {
        RoutingTables tables = tables(options("maglev", "farmhash64", "random"));
        tables.publish(Pools.of(4));
        tables.publish(Pools.of(5));
        tables.reconfigure(options("maglev", "siphash24", "random"));
        assertThat(tables.lastMoved()).isZero();
    }
}
