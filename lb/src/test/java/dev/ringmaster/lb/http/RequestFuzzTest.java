package dev.ringmaster.lb.http;

import dev.ringmaster.lb.FuzzCorpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any bytes as requests: no exception but {@link MalformedMessage}, cuts mean nothing, and Netty agrees. */
final class RequestFuzzTest {
    public static void fuzzerTestOneInput(byte[] input) {
        int[] cuts = Cuts.of(input);
        Cuts.assertTheSame(
                input, cuts, (bytes, where) -> ReadRequests.of(bytes, where).outcome());
        String message = new String(input, StandardCharsets.ISO_8859_1);
        Agreement.onRequests(message, cuts, "input");
        Agreement.onForwarded(message, "input");
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        return FuzzCorpus.of(RequestFuzzTest.class, RequestFuzzTest::fuzzerTestOneInput);
    }
}
