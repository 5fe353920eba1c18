package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads bytes with a {@link RequestReader} and writes down what it tells, as text that can be compared. */
final class Requests implements RequestSink {
    private final RequestReader reader;
    private final StringBuilder body = new StringBuilder();
    private final List<String> told = new ArrayList<>();
    private String head = "";

    Requests(long maxBody) {
        this.reader = new RequestReader(this, maxBody);
    }

    /** Every request in {@code wire}, or the fault that ended it as {@code "400 text"}, cut into the given pieces. */
    static List<String> read(String wire, int... cuts) {
        Requests requests = new Requests(0);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i == cuts.length ? bytes.length : cuts[i];
            if (!requests.take(Unpooled.copiedBuffer(bytes, from, to - from))) {
                break;
            }
            from = to;
        }
        return requests.told();
    }

    /** Reads one piece; false after a fault. */
    boolean take(ByteBuf piece) {
        try {
            while (piece.isReadable()) {
                reader.read(piece);
                if (reader.ended()) {
                    reader.next();
                }
            }
            return true;
        } catch (MalformedMessage fault) {
            told.add(fault.status() + " " + fault.text());
            return false;
        } finally {
            piece.release();
        }
    }

    List<String> told() {
        return told;
    }

    RequestReader reader() {
        return reader;
    }

    @Override
    public void requestHead(RequestHead request) {
        StringBuilder text = new StringBuilder();
        text.append(request.method()).append(' ').append(request.target());
        text.append(" 1.").append(request.minorVersion());
        append(text, request.fields());
        text.append(request.chunked() ? "|chunked" : "|length=" + Math.max(0, request.contentLength()));
        head = text.toString();
        body.setLength(0);
    }

    static void append(StringBuilder text, Fields fields) {
        for (int i = 0; i < fields.count(); i++) {
            String name = Bytes.string(fields.bytes(), fields.nameStart(i), fields.nameEnd(i));
            text.append('|').append(name.toLowerCase(Locale.ROOT)).append('=').append(fields.value(i));
        }
    }

    @Override
    public void requestBody(ByteBuf data) {
        body.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
    }

    @Override
    public void requestEnd(Fields trailers) {
        StringBuilder text = new StringBuilder(head).append("|body=").append(body);
        append(text, trailers);
        told.add(text.toString());
    }
}
