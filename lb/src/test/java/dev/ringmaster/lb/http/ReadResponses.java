package dev.ringmaster.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** All that a reader says of the one response in some bytes, in a form that two runs can be compared by. */
final class ReadResponses implements ResponseSink {
    final List<String> heads = new ArrayList<>();
    final List<List<String>> fields = new ArrayList<>();
    final List<String> forwarded = new ArrayList<>();
    final StringBuilder body = new StringBuilder();
    List<String> trailers;
    MalformedMessage fault;
    String rest = "";
    private final ResponseReader reader = new ResponseReader();
    private final boolean headRequest;

    private ReadResponses(boolean headRequest) {
        this.headRequest = headRequest;
        reader.expect(headRequest, this);
    }

    static ReadResponses of(String message) {
        return of(Messages.bytes(message), Messages.whole(), false);
    }

    /** Reads one response and closes the input. */
    static ReadResponses of(byte[] message, int[] cuts, boolean headRequest) {
        ReadResponses read = new ReadResponses(headRequest);
        read.fault = Messages.feed(message, cuts, read::piece);
        try {
            if (read.fault == null) {
                read.reader.inputClosed();
            }
        } catch (MalformedMessage malformed) {
            read.fault = malformed;
        }
        return read;
    }

    private void piece(ByteBuf piece) {
        if (!reader.ended()) {
            reader.read(piece);
        }
        rest += Messages.latin(piece);
    }

    boolean ended() {
        return reader.ended();
    }

    String outcome() {
        return heads + "" + fields + body + trailers + rest + reader.headSeen() + reader.ended()
                + (fault == null ? "" : fault.status() + fault.text());
    }

    @Override
    public void responseHead(ResponseHead read) {
        heads.add(read.status() + " " + read.minorVersion()
                + " length=" + read.contentLength()
                + (read.chunked() ? " chunked" : "")
                + (read.hasBody() ? " body" : "")
                + (read.untilClose() ? " until-close" : "")
                + (read.keepAlive() ? " keep" : "")
                + (read.keepAliveTimeoutSeconds() >= 0 ? " timeout=" + read.keepAliveTimeoutSeconds() : "")
                + (read.informational() ? " informational" : "")
                + (read.websocket() ? " websocket" : ""));
        fields.add(ReadRequests.list(read.fields()));
        ByteBuf out = Unpooled.buffer();
        ResponseWriter.head(read, new ResponseHop(1, false, ResponseWriter.coding(read, headRequest, 1)), out);
        forwarded.add(Messages.latin(out));
    }

    @Override
    public void responseBody(ByteBuf data) {
        body.append(Messages.latin(data));
        data.release();
    }

    @Override
    public void responseEnd(Fields read) {
        trailers = ReadRequests.list(read);
    }
}
