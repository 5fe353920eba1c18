package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter terminal = new StringWriter();

    @Test
    void show_halfDone_fillsHalf() {
        new ProgressBar(new PrintWriter(terminal), 10, true).show(5);

        assertThat(terminal.toString()).endsWith("[" + "#".repeat(20) + ".".repeat(20) + "] 5/10");
    }

    @Test
    void clear_afterShow_leavesAnEmptyLine() {
        ProgressBar bar = new ProgressBar(new PrintWriter(terminal), 10, true);
        bar.show(10);
        bar.clear();

        assertThat(terminal.toString()).endsWith("\r\u001b[K");
    }

    @Test
    void show_noTerminal_printsNothing() {
        ProgressBar bar = new ProgressBar(new PrintWriter(terminal), 10, false);
        bar.show(5);
        bar.clear();

        assertThat(terminal.toString()).isEmpty();
    }
}
