package dev.ringmaster.lb.proxy;

import dev.ringmaster.lb.http.BodyCoding;
import dev.ringmaster.lb.http.BodyWriter;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.ResponseHead;
import dev.ringmaster.lb.http.ResponseHop;
import dev.ringmaster.lb.http.ResponseWriter;
import dev.ringmaster.lb.proxy.Downstream.End;
import io.netty.buffer.ByteBuf;

/** What the client of one exchange gets: a replica's response, or a reply of the balancer's own. Event loop only. */
final class Answer {
    /** Bytes of a request that are still taken on a connection that goes on after its answer. */
    private static final int MOST_DISCARDED = 64 << 10;

    private final Downstream client;
    private final RequestHead request;
    private final RequestBody body;
    private final ExchangeLog log;
    private BodyCoding coding = BodyCoding.NONE;
    private boolean close;

    Answer(Downstream client, RequestHead request, RequestBody body, ExchangeLog log) {
        this.client = client;
        this.request = request;
        this.body = body;
        this.log = log;
    }

    /** Passes a 1xx on; after that it can no longer be hidden that a replica has had the request. */
    void inform(ResponseHead response) {
        head(response, new ResponseHop(1, false, BodyCoding.NONE));
        client.flush();
    }

    /**
     * Passes the final head on.
     *
     * @param added header lines of the balancer's own, or nothing
     */
    void head(ResponseHead response, String added) {
        coding = ResponseWriter.coding(response, request.method().equals("HEAD"), request.minorVersion());
        close = coding == BodyCoding.CLOSE || closing();
        log.status(response.status());
        head(response, new ResponseHop(request.minorVersion(), close, coding, added));
    }

    private void head(ResponseHead response, ResponseHop hop) {
        ResponseWriter.head(
                response,
                hop,
                client.room(response.fields().size() + hop.added().length() + 128));
    }

    void body(ByteBuf data) {
        log.relayed(data.readableBytes());
        BodyWriter.data(coding, data, client::write);
    }

    End end(Fields trailers) {
        BodyWriter.end(coding, trailers, client::write);
        return ended();
    }

    /** What is left to do when the response broke off: the client must not take the rest for all. */
    End cut() {
        client.flush();
        return coding == BodyCoding.CLOSE ? End.RESET : End.CUT;
    }

    /**
     * Answers without a replica.
     *
     * @param last whether no other request may follow on the connection
     */
    End reply(Reply reply, boolean last) {
        close = last || closing();
        byte[] text = reply.body();
        boolean headOnly = request.method().equals("HEAD");
        reply.write(client.room(256 + text.length), headOnly, request.minorVersion(), close);
        log.status(reply.status());
        log.relayed(headOnly ? 0 : text.length);
        return ended();
    }

    /** A client that sends more than is taken after its answer would lose the request behind it, if it is not told. */
    private boolean closing() {
        return !request.keepAlive() || client.leaving() || body.left() > MOST_DISCARDED;
    }

    private End ended() {
        return close ? End.CLOSE : End.KEEP_ALIVE;
    }
}
