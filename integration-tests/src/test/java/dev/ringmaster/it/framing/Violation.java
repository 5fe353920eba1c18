package dev.ringmaster.it.framing;

/** A message breaks the rules. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }

    static void unless(boolean valid, String what) {
        if (!valid) {
            throw new Violation(what);
        }
    }
}
