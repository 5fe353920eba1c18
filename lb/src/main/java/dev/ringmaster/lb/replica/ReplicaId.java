package dev.ringmaster.lb.replica;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Identity of one replica for all time: names and addresses are used again, an id never is. */
public record ReplicaId(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public ReplicaId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a replica id must not be empty");
        }
    }

    /** A new id of 16 hexadecimal digits. */
    public static ReplicaId random() {
        return new ReplicaId(HexFormat.of().toHexDigits(RANDOM.nextLong()));
    }

    @Override
    public String toString() {
        return value;
    }
}
