package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassicTest {
    private static final HashOptions LITERAL = HashOptions.defaults().withClassicIds(ClassicIds.LITERAL);
    private static final KeySample SIX_DIGITS = KeySample.range(100_000, 999_999);

    @Test
    void classic_balancedThree_hasTheGoldenIdsAndShares() {
        Classic<Server> hash = classic(HashOptions.defaults(), 3);
        assertThat(ids(hash)).containsExactly(17, 93, 109);
        assertThat(tenThousandths(hash)).containsExactly(3359, 3359, 3281);
    }

    @Test
    void classic_literalThree_hasTheGoldenIdsAndShares() {
        Classic<Server> hash = classic(LITERAL, 3);
        assertThat(ids(hash)).containsExactly(1, 2, 3);
        assertThat(tenThousandths(hash)).containsExactly(8437, 469, 1094);
    }

    @ParameterizedTest
    @EnumSource
    void classic_balancedThree_reachesTheLeastPossiblePeak(Probing probing) {
        int[] requests = new int[512];
        IntStream.range(0, 512).forEach(residue -> requests[ClassicRing.requestPosition(residue, 512)]++);
        assertThat(IntStream.of(requests))
                .as("every position has a multiple of 4")
                .allMatch(count -> count % 4 == 0);
        int leastMultipleAboveAThird = 4 * Math.ceilDiv(512, 3 * 4);
        Spread spread = Spread.of(classic(HashOptions.defaults().withProbing(probing), 3), KeySample.range(0, 511));
        assertThat(IntStream.range(0, 3).mapToLong(spread::count).max()).hasValue(leastMultipleAboveAThird);
    }

    @ParameterizedTest
    @CsvSource({"LINEAR, '10,11,12,13,14'", "QUADRATIC, '10,11,14,3,12'"})
    void plus_idsThatWantTheSamePosition_takesTheNextOneThatProbingGives(Probing probing, String expected) {
        ClassicRing ring =
                ClassicRing.empty(HashOptions.defaults().withRing(16, 1).withProbing(probing));
        int[] ids = {1, 7, 9, 15, 17};
        for (int id : ids) {
            ring = ring.plus(id);
        }
        int[] indexes = ring.indexes(ids);
        assertThat(IntStream.range(0, ids.length)
                        .mapToObj(i -> ""
                                + IntStream.range(0, 16)
                                        .filter(position -> indexes[position] == i)
                                        .findFirst()
                                        .orElseThrow()))
                .containsExactly(expected.split(","));
    }

    @Test
    void requestPosition_allRequests_reach87Of512() {
        assertThat(IntStream.range(0, 512)
                        .map(residue -> ClassicRing.requestPosition(residue, 512))
                        .distinct())
                .hasSize(87);
    }

    @Test
    void classic_balancedOneAndTwo_arePerfectlyEven() {
        assertThat(ids(classic(HashOptions.defaults(), 1))).containsExactly(1);
        Classic<Server> two = classic(HashOptions.defaults(), 2);
        assertThat(Spread.of(two, KeySample.range(0, 511)).peakToMean()).isEqualTo(1);
    }

    @Test
    void classic_balancedSix_isThreeAndThreeMore() {
        Classic<Server> three = classic(HashOptions.defaults(), 3);
        Classic<Server> six = three.with(Server.of(3), 1).with(Server.of(4), 1).with(Server.of(5), 1);
        assertThat(ids(six)).containsExactly(17, 93, 109, 18, 61, 19);
        assertThat(ids(classic(HashOptions.defaults(), 6))).containsExactly(ids(six));
    }

    @ParameterizedTest
    @EnumSource
    void classic_removalAndReturn_keepsTheIdsOfThosePresent(ClassicIds classicIds) {
        Classic<Server> five = classic(HashOptions.defaults().withClassicIds(classicIds), 5);
        Classic<Server> four = five.without(Server.of(1));
        assertThat(ids(four)).containsExactly(five.id(0), five.id(2), five.id(3), five.id(4));
        Classic<Server> again = four.with(Server.of(9), 1);
        assertThat(ids(again)).startsWith(ids(four)).hasSize(5);
    }

    @Test
    void classic_removal_movesOnlyTheKeysOfTheRemoved() {
        Classic<Server> five = classic(HashOptions.defaults(), 5);
        Classic<Server> four = five.without(Server.of(1));
        for (long request = 0; request < 512; request++) {
            Server before = five.owner(request);
            if (before.id() != 1) {
                assertThat(four.owner(request)).isEqualTo(before);
            }
        }
    }

    @Test
    void classic_otherThanDefaultRing_takesTheMostEvenIdOneByOne() {
        HashOptions small = HashOptions.defaults().withRing(100, 9);
        Classic<Server> three = classic(small, 3);
        Classic<Server> grown = classic(small, 2).with(Server.of(2), 1);
        assertThat(ids(three)).containsExactly(ids(grown)).doesNotContain(93);
        assertThat(ids(classic(HashOptions.defaults().withRing(512, 8), 3))).isNotEqualTo(new int[] {17, 93, 109});
    }

    @Test
    void classic_requestIdsAroundTheWholeLongRange_wrapExactly() {
        Classic<Server> hash = classic(HashOptions.defaults(), 5);
        for (long request : new long[] {Long.MIN_VALUE, -1, 0, 511, 512, Long.MAX_VALUE, 123_456_789_012L}) {
            assertThat(hash.owner(request)).isEqualTo(hash.owner(Math.floorMod(request, 512)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void classic_fullRing_rejectsThe57th(Probing probing) {
        Classic<Server> full = classic(LITERAL.withProbing(probing), 56);
        assertThat(full.nodes()).hasSize(56);
        assertThatThrownBy(() -> full.with(Server.of(56), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The classic ring is full: 512 positions hold at most 56 nodes of 9");
        assertThat(full.without(Server.of(0)).with(Server.of(56), 1).id(55)).isEqualTo(1);
    }

    @Test
    void classic_fullBalancedRing_rejectsThe57th() {
        List<Server> servers = Server.list(57);
        assertThatThrownBy(() -> Server.hash("classic", HashOptions.defaults(), servers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The classic ring is full");
    }

    private static Classic<Server> classic(HashOptions options, int count) {
        return (Classic<Server>) Server.hash("classic", options, Server.list(count));
    }

    private static int[] ids(Classic<Server> hash) {
        return IntStream.range(0, hash.nodes().size()).map(hash::id).toArray();
    }

    private static int[] tenThousandths(ConsistentHash<Server> hash) {
        Spread spread = Spread.of(hash, SIX_DIGITS);
        return IntStream.range(0, hash.nodes().size())
                .map(i -> (int) Math.round(spread.share(i) * 10_000))
                .toArray();
    }
}
