package dev.ringmaster.lb.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * One run of the program inside the test's JVM.
 *
 * @param exitCode what the process would exit with
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
record Program(int exitCode, String out, String err) {
    static Program run(String... arguments) {
        return runWith(Map.of(), arguments);
    }

    static Program runWith(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = RingmasterCommand.run(environment, new PrintWriter(out), new PrintWriter(err), arguments);
        return new Program(exitCode, out.toString(), err.toString());
    }
}
