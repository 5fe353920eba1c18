package dev.ringmaster.hashing;

import java.util.List;
import java.util.stream.LongStream;

/** A node of the tests: an identity and a weight. */
record Server(long id, double weight) {

    static Server of(long id) {
        return new Server(id, 1);
    }

    /** Servers 0 to {@code count - 1} of weight 1. */
    static List<Server> list(int count) {
        return LongStream.range(0, count).mapToObj(Server::of).toList();
    }

    static ConsistentHash<Server> hash(String algorithm, HashOptions options, List<Server> servers) {
        return ConsistentHashes.named(algorithm, options, Server::id, servers, Server::weight);
    }

    static ConsistentHash<Server> hash(String algorithm, int count) {
        return hash(algorithm, HashOptions.defaults(), list(count));
    }
}
