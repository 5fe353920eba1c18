package dev.ringmaster.it.laboratory;

/** A broken promise. */
record Violation(Kind kind, String detail) {
    enum Kind {
        /** No answer, where one was due. */
        LOST,
        /** An answer that ends early though its replica sent all of it. */
        CUT,
        /** The answer to another request, or one that no replica gave. */
        MIXED_UP,
        /** A request's or an answer's bytes are not the ones sent. */
        WRONG_BYTES,
        /** Bytes that belong to no answer. */
        MORE,
        /** Sent again though it may not be. */
        SENT_TWICE,
        /** What a replica got was no request, or one too many. */
        MALFORMED,
        /** A failure that nothing explains. */
        FAILED,
        /** No end in all the time there is. */
        STUCK
    }

    @Override
    public String toString() {
        return kind + " " + detail;
    }
}
