package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads bytes with a {@link ResponseReader} and writes down what it tells, as text that can be compared. */
final class Responses implements ResponseSink {
    private final ResponseReader reader = new ResponseReader(this);
    private final StringBuilder body = new StringBuilder();
    private final List<String> told = new ArrayList<>();
    private String head = "";

    /** The response in {@code wire}, whose connection ends after it, or the fault as {@code "502 text"}. */
    static List<String> read(String wire, boolean toHead, int... cuts) {
        Responses responses = new Responses();
        responses.reader.expect(toHead);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? bytes.length : cuts[i];
            if (!responses.take(Unpooled.copiedBuffer(bytes, from, to - from))) {
                return responses.told;
            }
            from = to;
        }
        try {
            responses.reader.inputClosed();
        } catch (MalformedMessage cut) {
            responses.told.add("cut " + cut.status());
        }
        return responses.told;
    }

    private boolean take(ByteBuf piece) {
        try {
            reader.read(piece);
            if (piece.isReadable()) {
                told.add("left " + piece.readableBytes());
                return false;
            }
            return true;
        } catch (MalformedMessage fault) {
            told.add(fault.status() + " " + fault.text());
            return false;
        } finally {
            piece.release();
        }
    }

    @Override
    public void responseHead(ResponseHead response) {
        StringBuilder text = new StringBuilder();
        text.append(response.status()).append(" 1.").append(response.minorVersion());
        Requests.append(text, response.fields());
        if (response.informational()) {
            told.add(text.toString());
        }
        head = text.toString();
        body.setLength(0);
    }

    @Override
    public void responseBody(ByteBuf data) {
        body.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
    }

    @Override
    public void responseEnd(Fields trailers) {
        StringBuilder text = new StringBuilder(head).append("|body=").append(body);
        Requests.append(text, trailers);
        told.add(text.toString());
    }
}
