package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;

/** Whether a proxy answers with the bytes that the origin gives. */
final class Answers implements AutoCloseable {
    private static final int OK = 200;
    private static final int MEBIBYTE = 1 << 20;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Scenario scenario;
    private final byte[] right;

    Answers(Scenario scenario, int origin) throws IOException, InterruptedException {
        this.scenario = scenario;
        this.right = ask(origin).body();
    }

    /** Throws {@link IOException} if the answer of that proxy is another. */
    void compare(Contestant contestant) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = ask(contestant.port());
        if (answer.statusCode() != OK || !Arrays.equals(answer.body(), right)) {
            throw new IOException("%s answers with status %d and %d bytes that are not the origin's"
                    .formatted(contestant.name(), answer.statusCode(), answer.body().length));
        }
    }

    private HttpResponse<byte[]> ask(int port) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + scenario.path()));
        if (scenario.work() == Scenario.Work.UPLOADS) {
            request.POST(BodyPublishers.ofByteArray(new byte[MEBIBYTE]));
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        client.close();
    }
}
