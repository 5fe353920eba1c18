package dev.ringmaster.lb.balance;

import java.util.List;

/**
 * The most frequent keys of late.
 *
 * @param watched whether keys are counted: not with random keys, nor by a policy that does not go by the key
 * @param requests how many were looked at: those of about the last second, older ones for less
 * @param keys most frequent first; hot ones and some more
 */
public record KeyReport(boolean watched, long requests, List<Key> keys) {
    static final KeyReport NONE = new KeyReport(false, 0, List.of());

    public KeyReport {
        keys = List.copyOf(keys);
    }

    /** How many are spread over several slots. */
    public long hot() {
        return keys.stream().filter(Key::hot).count();
    }

    /**
     * One key.
     *
     * @param hash of the key; its text is not kept
     * @param share estimated part of all requests, 0 to 1
     * @param error most by which that may be wrong
     * @param home number of the slot that the key has while all serve
     * @param slots how many slots its requests are spread over: 1 unless it is hot
     */
    public record Key(long hash, double share, double error, int home, int slots) {
        public boolean hot() {
            return slots > 1;
        }
    }
}
