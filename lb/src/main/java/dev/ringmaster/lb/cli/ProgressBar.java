package dev.ringmaster.lb.cli;

import java.io.PrintWriter;

/** One line of a terminal that shows how far a load has come. */
final class ProgressBar {
    private static final int WIDTH = 40;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final long total;
    private final boolean visible;

    ProgressBar(PrintWriter terminal, long total, boolean visible) {
        this.terminal = terminal;
        this.total = total;
        this.visible = visible;
    }

    void show(long count) {
        if (visible) {
            int full = (int) (WIDTH * count / total);
            String bar = "#".repeat(full) + ".".repeat(WIDTH - full);
            terminal.print(ERASE_LINE + "[" + bar + "] " + count + "/" + total);
            terminal.flush();
        }
    }

    void clear() {
        if (visible) {
            terminal.print(ERASE_LINE);
            terminal.flush();
        }
    }
}
