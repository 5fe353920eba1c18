package dev.ringmaster.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The event interface of the balancers in front of a test's own origins: the build runs the same tests on each. */
final class Transport {
    /** What was asked for, or the default where that does not work on this machine. */
    static final String NAME = usable(System.getProperty("ringmaster.transport", "auto"));

    private Transport() {}

    /** Whether a line of the log says that the balancer uses it. */
    static boolean inUse(String line) {
        return line.contains(" transport=" + (NAME.equals("auto") ? "" : NAME + " "));
    }

    private static String usable(String wanted) {
        try (Balancer _ =
                Balancer.start("provider=fixed", "provider-fixed.addresses=127.0.0.1:1", "transport=" + wanted)) {
            return wanted;
        } catch (AssertionError failed) {
            if (!String.valueOf(failed.getMessage()).contains("does not work here")) {
                throw failed;
            }
            System.out.println("transport " + wanted + " does not work here: these tests run on the default");
            return "auto";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
