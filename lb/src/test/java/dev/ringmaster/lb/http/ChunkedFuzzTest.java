package dev.ringmaster.lb.http;

import dev.ringmaster.lb.FuzzCorpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Any bytes as a chunked body, of a request and of a response; what follows it is read as further requests. */
final class ChunkedFuzzTest {
    private static final String REQUEST =
            Messages.lines("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "");
    private static final String RESPONSE = Messages.lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "");

    public static void fuzzerTestOneInput(byte[] input) {
        String body = new String(input, StandardCharsets.ISO_8859_1);
        RequestFuzzTest.fuzzerTestOneInput(Messages.bytes(REQUEST + body));
        ResponseFuzzTest.fuzzerTestOneInput(Messages.bytes(RESPONSE + body));
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        return FuzzCorpus.of(ChunkedFuzzTest.class, ChunkedFuzzTest::fuzzerTestOneInput);
    }
}
