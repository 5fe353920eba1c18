package dev.ringmaster.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every algorithm does alike: membership, errors, immutability; and the golden tables. */
class ConsistentHashesTest {
    private static final HashOptions OPTIONS = HashOptions.defaults();

    static Stream<String> names() {
        return ConsistentHashes.names().stream();
    }

    @Test
    void names_always_areTheSixWithTheDefaultFirst() {
        assertThat(ConsistentHashes.names())
                .containsExactly("capped-rendezvous", "classic", "ketama", "maglev", "jump", "rendezvous");
    }

    @Test
    void named_unknown_listsTheNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Server.hash("md5", 3))
                .withMessage("Unknown algorithm 'md5', known are " + ConsistentHashes.names());
    }

    /** The home of 40 keys among nodes 0 to 4: must never change, or every key moves with an upgrade. */
    @ParameterizedTest
    @CsvSource({
        "capped-rendezvous, 1402324412442044132133433022142321223412",
        "classic, 1101003002002143020420211422401214311003",
        "ketama, 3323142222031322233242404342131233313134",
        "maglev, 0223311440110023101011241312011204033242",
        "jump, 2113114441204002041302300012121434004414",
        "rendezvous, 0344120014133330203300310432232201130003",
    })
    void owner_fortyKeys_isGolden(String name, String golden) {
        ConsistentHash<Server> hash = Server.hash(name, 5);
        assertThat(homes(hash)).isEqualTo(golden);
    }

    @ParameterizedTest
    @CsvSource({
        "capped-rendezvous, 1302322312222302232133222022332322223312",
        "ketama, 3322233222032222233222102332221233223222",
        "maglev, 0223321223220023203021222332223223233222",
        "rendezvous, 0322220233123330223320312332232222130003"
    })
    void owner_fortyKeysAndWeights_isGolden(String name, String golden) {
        List<Server> servers = List.of(new Server(0, 1), new Server(1, 0.5), new Server(2, 4), new Server(3, 2));
        assertThat(homes(Server.hash(name, OPTIONS, servers))).isEqualTo(golden);
    }

    @Test
    void factories_ofOneAlgorithm_giveWhatTheNameGives() {
        List<Server> servers = Server.list(4);
        List<ConsistentHash<Server>> made = List.of(
                ConsistentHashes.cappedRendezvous(OPTIONS, Server::id, servers),
                ConsistentHashes.classic(OPTIONS, Server::id, servers),
                ConsistentHashes.ketama(OPTIONS, Server::id, servers),
                ConsistentHashes.maglev(OPTIONS, Server::id, servers),
                ConsistentHashes.jump(Server::id, servers),
                ConsistentHashes.rendezvous(Server::id, servers));
        for (int i = 0; i < made.size(); i++) {
            ConsistentHash<Server> named =
                    ConsistentHashes.named(ConsistentHashes.names().get(i), OPTIONS, Server::id, servers);
            assertThat(made.get(i)).hasSameClassAs(named);
            assertThat(homes(made.get(i))).isEqualTo(homes(named));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void with_andWithout_leaveTheOriginalAlone(String name) {
        ConsistentHash<Server> three = Server.hash(name, 3);
        String before = homes(three);
        ConsistentHash<Server> four = three.with(Server.of(3));
        ConsistentHash<Server> two = three.without(Server.of(0));
        assertThat(three.nodes()).containsExactlyElementsOf(Server.list(3));
        assertThat(homes(three)).isEqualTo(before);
        assertThat(four.nodes()).containsExactlyElementsOf(Server.list(4));
        assertThat(four.weight(3)).isEqualTo(1);
        assertThat(two.nodes()).containsExactlyInAnyOrder(Server.of(1), Server.of(2));
    }

    @ParameterizedTest
    @MethodSource("names")
    void nodes_ofAnyHash_cannotBeChanged(String name) {
        ConsistentHash<Server> hash = Server.hash(name, 3);
        assertThatThrownBy(() -> hash.nodes().add(Server.of(7))).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @MethodSource("names")
    void with_presentIdentity_isRejected(String name) {
        ConsistentHash<Server> hash = Server.hash(name, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hash.with(Server.of(1)))
                .withMessageContaining("Server[id=1, weight=1.0]")
                .withMessageContaining("present already");
    }

    @ParameterizedTest
    @MethodSource("names")
    void without_absentNode_isRejected(String name) {
        ConsistentHash<Server> hash = Server.hash(name, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hash.without(Server.of(3)))
                .withMessage("Node Server[id=3, weight=1.0] is absent");
    }

    @ParameterizedTest
    @MethodSource("names")
    void ownerIndex_noNodes_isRejected(String name) {
        ConsistentHash<Server> empty = Server.hash(name, 1).without(Server.of(0));
        assertThat(empty.nodes()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> empty.ownerIndex(1)).withMessage("There are no nodes");
        assertThat(empty.candidates().reset(1).next()).isNull();
        assertThat(empty.with(Server.of(5)).owner(1)).isEqualTo(Server.of(5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.0009, 1000.1, Double.NaN, Double.POSITIVE_INFINITY})
    void with_weightOutOfRange_isRejected(double weight) {
        ConsistentHash<Server> hash = Server.hash("rendezvous", 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hash.with(Server.of(2), weight))
                .withMessageContaining("must be between 0.001 and 1000: " + weight);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 1000})
    void with_weightAtTheBound_isTaken(double weight) {
        assertThat(Server.hash("rendezvous", 1).with(Server.of(2), weight).weight(1))
                .isEqualTo(weight);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "jump"})
    void with_weightWhereThereAreNone_isRejected(String name) {
        ConsistentHash<Server> hash = Server.hash(name, 2);
        String message = "The " + name + " algorithm has no weights, node Server[id=2, weight=1.0] came with 2.0";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hash.with(Server.of(2), 2))
                .withMessage(message);
        List<Server> heavy = List.of(new Server(0, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Server.hash(name, OPTIONS, heavy));
    }

    private static String homes(ConsistentHash<Server> hash) {
        StringBuilder homes = new StringBuilder();
        LongStream.range(0, 40)
                .map(KeySample.random(40, 2025).keyHash())
                .forEach(key -> homes.append(hash.owner(key).id()));
        return homes.toString();
    }
}
