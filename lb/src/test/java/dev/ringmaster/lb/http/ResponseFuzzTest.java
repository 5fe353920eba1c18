package dev.ringmaster.lb.http;

import dev.ringmaster.lb.FuzzCorpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any bytes as a response: no exception but {@link MalformedMessage}, cuts mean nothing, and Netty agrees. */
final class ResponseFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        read(input, false);
        read(input, true);
    }

    private static void read(byte[] input, boolean toHead) {
        int[] cuts = Cuts.of(input);
        Cuts.assertTheSame(
                input,
                cuts,
                (bytes, where) -> ReadResponses.of(bytes, where, toHead).outcome());
        Agreement.onResponses(new String(input, StandardCharsets.ISO_8859_1), cuts, toHead, "input");
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        return FuzzCorpus.of(ResponseFuzzTest.class, ResponseFuzzTest::fuzzerTestOneInput);
    }
}
