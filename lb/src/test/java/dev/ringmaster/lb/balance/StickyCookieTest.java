package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StickyCookieTest {
    private static final BalanceOptions.Sticky STICKY = new BalanceOptions.Sticky("seat", "secret", "round-robin");

    private final StickyCookie cookie = new StickyCookie("seat", "secret".getBytes(StandardCharsets.UTF_8));

    /** A request with one cookie header. */
    private static final class Cookies implements KeySource {
        private final byte[] bytes;

        Cookies(String header) {
            bytes = header.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public long header(String lowerCaseName) {
            return lowerCaseName.equals("cookie") ? KeySource.place(0, bytes.length) : -1;
        }

        @Override
        public long uri() {
            return -1;
        }

        @Override
        public long path() {
            return -1;
        }

        @Override
        public byte[] clientAddress() {
            return new byte[4];
        }
    }

    private static String pair(String line) {
        return line.substring("Set-Cookie: ".length(), line.indexOf(';'));
    }

    @Test
    void value_ofEverySlot_isReadBack() {
        for (int slot : new int[] {0, 1, 9, 10, 63, 100, 1023}) {
            assertThat(cookie.line(slot))
                    .matches("Set-Cookie: seat=" + slot + "\\.[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax\r\n");
            assertThat(cookie.slot(new Cookies("a=1; " + pair(cookie.line(slot)) + "; b=2")))
                    .isEqualTo(slot);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "seat=",
                "seat=.",
                "seat=1",
                "seat=1.",
                "seat=-1.x",
                "seat=1024.x",
                "seat=99999.x",
                "seat=/.x",
                "other=1"
            })
    void value_thatIsNoneOfOurs_namesNoSlot(String header) {
        assertThat(cookie.slot(new Cookies(header))).isEqualTo(-1);
    }

    @Test
    void value_thatWasTamperedWith_namesNoSlot() {
        String good = pair(cookie.line(7));
        for (int i = "seat=".length(); i < good.length(); i++) {
            char other = good.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(cookie.slot(new Cookies(good.substring(0, i) + other + good.substring(i + 1))))
                    .isEqualTo(-1);
        }
        assertThat(cookie.slot(new Cookies(good + "A"))).isEqualTo(-1);
        assertThat(cookie.slot(new Cookies(good.substring(0, good.length() - 1))))
                .isEqualTo(-1);
        StickyCookie foreign = new StickyCookie("seat", new byte[] {1});
        assertThat(foreign.slot(new Cookies(good))).isEqualTo(-1);
    }

    private static RoutingTables tables(BalanceOptions.Sticky sticky) {
        BalanceOptions plain = Pools.options("sticky", "rendezvous", "random");
        return new RoutingTables(
                new BalanceOptions(
                        plain.policy(),
                        plain.hash(),
                        plain.key(),
                        new BalanceOptions.Tuning(1.25, 2, sticky, 10_000, false, 0.5, Duration.ZERO)),
                StickyCookieTest.class.getClassLoader());
    }

    @Test
    void choice_ofAClientWithACookie_isItsSlotForAsLongAsThatServes() {
        RoutingTables tables = tables(STICKY);
        ReplicaSet set = Pools.of(3);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        String line = loop.added(loop.table(), set.serving().get(1), -1, List.of());
        int stuck = loop.stuckTo(new Cookies(pair(line)));
        assertThat(stuck).isEqualTo(1);
        Replica home = set.serving().get(1);
        for (int i = 0; i < 10; i++) {
            assertThat(loop.choose(loop.table(), i, stuck, List.of())).isEqualTo(home);
            assertThat(loop.choose(loop.table(), i, stuck, List.of(home)))
                    .isNotEqualTo(home)
                    .isNotNull();
        }
        assertThat(loop.added(loop.table(), home, stuck, List.of())).isEmpty();
    }

    @Test
    void choice_whileTheSlotIsDown_isAnotherAndTheCookieStays() {
        RoutingTables tables = tables(STICKY);
        ReplicaSet set = Pools.of(3);
        tables.publish(Pools.state(set, 1, ReplicaState.DEAD));
        LoopBalancer loop = Pools.loop(tables);
        Replica other = loop.choose(loop.table(), 5, 1, List.of());
        assertThat(other).isNotNull().isNotEqualTo(set.serving().get(1));
        assertThat(loop.added(loop.table(), other, 1, List.of())).isEmpty();
        ReplicaSet respawned = Pools.replaced(set, 1);
        tables.publish(respawned);
        assertThat(loop.choose(loop.table(), 5, 1, List.of()))
                .isEqualTo(respawned.serving().get(1));
    }

    @Test
    void cookie_ofASlotThatIsNoMore_isReplaced() {
        RoutingTables tables = tables(STICKY);
        ReplicaSet set = Pools.without(Pools.of(3), 1);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        Replica other = loop.choose(loop.table(), 5, 1, List.of());
        assertThat(other).isNotNull();
        assertThat(loop.added(loop.table(), other, 1, List.of())).startsWith("Set-Cookie: seat=" + other.slot() + ".");
    }

    @Test
    void secret_thatIsNotSet_isTheSameUntilTheNextStart() {
        RoutingTables tables = tables(new BalanceOptions.Sticky("seat", "", "random"));
        ReplicaSet set = Pools.of(2);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        String line = loop.added(loop.table(), set.serving().getFirst(), -1, List.of());
        tables.reconfigure(tables(new BalanceOptions.Sticky("seat", "", "round-robin"))
                .current()
                .distribution()
                .options());
        assertThat(loop.stuckTo(new Cookies(pair(line)))).isZero();
        RoutingTables restarted = tables(new BalanceOptions.Sticky("seat", "", "random"));
        assertThat(Pools.loop(restarted).stuckTo(new Cookies(pair(line)))).isEqualTo(-1);
    }

    @Test
    void otherPolicies_setNoCookie() {
        RoutingTables tables = Pools.tables("round-robin", "rendezvous", "random");
        ReplicaSet set = Pools.of(2);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        assertThat(loop.added(loop.table(), set.serving().getFirst(), -1, List.of()))
                .isEmpty();
        assertThat(loop.stuckTo(new Cookies(pair(cookie.line(0))))).isEqualTo(-1);
    }

    @Test
    void route_isToldIfItIsToBe() {
        BalanceOptions plain = Pools.options("random", "rendezvous", "random");
        RoutingTables tables = new RoutingTables(
                new BalanceOptions(
                        plain.policy(),
                        plain.hash(),
                        plain.key(),
                        new BalanceOptions.Tuning(1.25, 2, STICKY, 10_000, true, 0.5, Duration.ZERO)),
                StickyCookieTest.class.getClassLoader());
        ReplicaSet set = Pools.of(3);
        tables.publish(set);
        LoopBalancer loop = Pools.loop(tables);
        Replica served = set.serving().get(2);
        assertThat(loop.added(loop.table(), served, -1, List.of()))
                .isEqualTo("X-Ringmaster-Route: slot=2; replica=S2; policy=random; generation=1\r\n");
        assertThat(loop.added(loop.table(), served, -1, set.serving().subList(0, 2)))
                .isEqualTo("X-Ringmaster-Route: slot=2; replica=S2; policy=random; generation=1; tried=S0,S1\r\n");
    }
}
