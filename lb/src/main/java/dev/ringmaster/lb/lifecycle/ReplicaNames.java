package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.replica.ReplicaId;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Host names of replicas: what they may look like, and new ones for those that nobody named. */
final class ReplicaNames {
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int RANDOM_LETTERS = 6;
    private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{1,62}");

    private final RandomGenerator random;

    ReplicaNames(RandomGenerator random) {
        this.random = random;
    }

    static boolean valid(String name) {
        return VALID.matcher(name).matches();
    }

    /** Name of a replica that has left its seat, whose own name is free again. */
    static String leaving(ReplicaId id) {
        return "leaving-" + id;
    }

    /** Name of the replica that first takes a slot: S1 for slot 0. */
    static String first(int slot) {
        return "S" + (slot + 1);
    }

    /** A name such as {@code S-k3v9xa} that is not in use. */
    String unused(Set<String> inUse) {
        String name = random();
        while (inUse.contains(name)) {
            name = random();
        }
        return name;
    }

    private String random() {
        StringBuilder name = new StringBuilder("S-");
        for (int i = 0; i < RANDOM_LETTERS; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
