package dev.ringmaster.it.laboratory;

/**
 * One request as its client saw it.
 *
 * @param once whether it may not be sent twice
 * @param size bytes of its body
 * @param status of the answer; 0 without one
 * @param start in nanoseconds of {@link System#nanoTime}, as {@code end}
 */
record Call(int id, boolean once, long size, int status, Outcome outcome, long start, long end) {
    /** How it ended. */
    enum Outcome {
        /** With a whole answer, of which every byte is right. */
        ANSWERED,
        /** With less of an answer than was announced. */
        CUT,
        /** Without a byte of an answer. */
        LOST,
        /** The client has left it. */
        LEFT,
        /** With the answer to another request. */
        MIXED_UP,
        /** With an answer of the right length and wrong bytes. */
        WRONG_BYTES,
        /** With something behind the answer. */
        MORE,
        /** Without an end. */
        STUCK
    }

    String describe() {
        return "id=" + id + (once ? " POST" : " idempotent") + " body=" + size + " status=" + status + " outcome="
                + outcome + " ms=" + (end - start) / 1_000_000;
    }
}
