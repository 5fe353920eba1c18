package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All that a reader says of the requests in some bytes, in a form that two runs can be compared by. */
final class ReadRequests implements RequestSink {
    /** One complete request. */
    record Request(
            String head,
            List<String> fields,
            String body,
            List<String> trailers,
            String forwarded,
            String forwardedBody) {
        /** All but how the body is cut into chunks, which may depend on how it came. */
        String seen() {
            return head + fields + body + trailers + forwarded;
        }
    }

    private static final RequestHop HOP = new RequestHop(
            new Peer(java.net.InetAddress.getLoopbackAddress()), false, "http", "replica:80", "test", "id", null);

    final List<Request> requests = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    MalformedMessage fault;
    private final RequestReader reader;
    private String head;
    private String forwarded;
    private final StringBuilder forwardedBody = new StringBuilder();
    private BodyCoding coding;
    private List<String> fields;

    ReadRequests(long maxBody) {
        reader = new RequestReader(maxBody);
    }

    static ReadRequests of(String message) {
        return of(Messages.bytes(message), Messages.whole());
    }

    static ReadRequests of(byte[] message, int[] cuts) {
        ReadRequests read = new ReadRequests(0);
        read.all(message, cuts);
        return read;
    }

    /** Reads request after request until the bytes or the rules end. */
    void all(byte[] message, int[] cuts) {
        fault = Messages.feed(message, cuts, this::all);
    }

    private void all(ByteBuf piece) {
        do {
            reader.read(piece, this);
            if (reader.ended()) {
                reader.next();
            }
        } while (piece.isReadable());
    }

    /** Where the reader stands and what it said so far. */
    String outcome() {
        String state = reader.idle() ? "idle" : reader.inHead() ? "in head" : "in body";
        String end =
                fault == null ? state + (state.equals("in body") ? head + body : "") : fault.status() + fault.text();
        return requests.stream().map(Request::seen).toList() + end;
    }

    @Override
    public void requestHead(RequestHead read) {
        head = String.join(" ", read.method(), read.target(), read.path(), "" + read.minorVersion(), read.host())
                + " length=" + read.contentLength()
                + (read.chunked() ? " chunked" : "")
                + (read.hasBody() ? " body" : "")
                + (read.keepAlive() ? " keep" : "")
                + (read.expectContinue() ? " expect" : "")
                + (read.websocket() ? " websocket" : "")
                + (read.idempotent() ? " idempotent" : "")
                + (read.maxForwards() >= 0 ? " hops=" + read.maxForwards() : "");
        String path = Bytes.string(read.fields().bytes(), read.targetStart(), read.pathEnd());
        if (!read.path().equals(path)
                || read.targetEnd() - read.targetStart() != read.target().length()) {
            throw new AssertionError("places of the path are not those of " + read.path());
        }
        fields = list(read.fields());
        ByteBuf out = Unpooled.buffer();
        RequestWriter.head(read, HOP, out);
        forwarded = Messages.latin(out);
        body.setLength(0);
        forwardedBody.setLength(0);
        coding = read.chunked() ? BodyCoding.CHUNKED : read.hasBody() ? BodyCoding.LENGTH : BodyCoding.NONE;
    }

    private void forward(ByteBuf written) {
        forwardedBody.append(Messages.latin(written));
        written.release();
    }

    @Override
    public void requestBody(ByteBuf data) {
        if (!data.isReadable()) {
            throw new AssertionError("empty piece of a body");
        }
        body.append(Messages.latin(data));
        BodyWriter.data(coding, data, this::forward);
    }

    @Override
    public void requestEnd(Fields trailers) {
        BodyWriter.end(coding, trailers, this::forward);
        requests.add(new Request(head, fields, body.toString(), list(trailers), forwarded, forwardedBody.toString()));
    }

    /** Each field as {@code name:value}. */
    static List<String> list(Fields fields) {
        return IntStream.range(0, fields.count())
                .mapToObj(i -> Bytes.string(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)) + ":"
                        + Bytes.string(fields.bytes(), fields.valueStart(i), fields.valueEnd(i)))
                .toList();
    }
}
