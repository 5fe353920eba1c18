package dev.ringmaster.it.laboratory;

/** What a scripted replica does with a request. */
enum Behaviour {
    NORMAL,
    /** Nobody listens, and what was connected is reset. */
    REFUSE,
    /** Resets instead of an answer. */
    RESET,
    /** Closes instead of an answer: as a connection that was dead when the request came. */
    CLOSE,
    /** Resets within the status line. */
    RESET_IN_HEAD,
    /** Resets in the middle of the body. */
    RESET_IN_BODY,
    /** Never answers. */
    HANG,
    /** The head's and the body's first bytes one by one. */
    DRIP,
    /** Ends before the announced length. */
    SHORT,
    /** Says more than it announced. */
    LONG,
    /** Answers what is no HTTP. */
    GARBAGE,
    /** A 103, then nothing more. */
    INFORM_AND_RESET,
    /** A second answer that nobody asked for, of another request. */
    TWICE,
    FAIL,
    SLOW,
    /** Announces that it closes. */
    LAST,
    /** Closes without having said so, a moment after the answer. */
    CLOSE_SOON
}
