package dev.ringmaster.it.harness;

import dev.ringmaster.it.harness.Client.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Calls in UTF-8 with a body and an answer, one after another on one connection. */
public final class Http implements AutoCloseable {
    private final Client client;

    public Http(int port) throws IOException {
        client = new Client(port);
    }

    /** Sends a request with these extra field lines, each ended by CRLF, and reads the answer. */
    public Answer call(String method, String target, String fields, String body) throws IOException {
        String bytes = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields
                + (body.isEmpty() ? "" : "Content-Length: " + bytes.length() + "\r\n") + "\r\n" + bytes);
        return answer(method.equals("HEAD"));
    }

    /** The next answer, 1xx included. */
    public Answer answer(boolean toHead) throws IOException {
        Answer answer = client.answer(toHead);
        String text = new String(answer.text().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return new Answer(answer.status(), answer.head(), text);
    }

    public Answer get(String target) throws IOException {
        return call("GET", target, "", "");
    }

    public Answer post(String target, String body) throws IOException {
        return call("POST", target, "", body);
    }

    public Answer delete(String target, String body) throws IOException {
        return call("DELETE", target, "", body);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
