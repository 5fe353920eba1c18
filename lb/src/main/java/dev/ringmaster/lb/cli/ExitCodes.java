package dev.ringmaster.lb.cli;

/** What the program's exit code says. */
final class ExitCodes {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private ExitCodes() {}
}
