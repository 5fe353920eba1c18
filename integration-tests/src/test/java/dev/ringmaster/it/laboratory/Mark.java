package dev.ringmaster.it.laboratory;

/** What a replica says that it did with a request. */
enum Mark {
    /** Its head was read. */
    HEARD,
    /** The final head of the answer is about to be written. */
    BEGUN,
    /** The answer was written in full. */
    DONE,
    /** The connection is about to end on purpose, without a byte of an answer. */
    BROKEN,
    /** An answer is about to be written that no rule allows to be asked for again: garbage, or a break after a 1xx. */
    SPOILED,
    /** The connection is about to end on purpose in the middle of the answer. */
    CUT,
    /** It will never be answered. */
    HUNG,
    /** It is answered with 500. */
    FAILED,
    /** Its body was complete and not the one that its client sent, or meant to send. */
    WRONG_BODY,
    /** No request: all that was said before has been heard. */
    SYNC,
    /** No request: bytes came that are none, or that come where none may. */
    MALFORMED;

    private static final Mark[] ALL = values();

    /** Whether it says something of one request. */
    boolean ofRequest() {
        return compareTo(SYNC) < 0;
    }

    static Mark of(int code) {
        return ALL[code];
    }

    @SuppressWarnings("EnumOrdinal") // both ends are the same build
    int code() {
        return ordinal();
    }
}
