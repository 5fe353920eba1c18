package dev.ringmaster.lb.listener;

import dev.ringmaster.lb.admin.AdminApi;
import dev.ringmaster.lb.admin.AdminRequest;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.MalformedMessage;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.proxy.Downstream;
import dev.ringmaster.lb.proxy.Downstream.End;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.proxy.RequestHandler;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A request that the balancer answers itself: collects its body, asks the admin interface, writes the reply. */
final class AdminExchange implements RequestHandler {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ProxyLoop loop;
    private final Downstream client;
    private final RequestHead head;
    private final Function<AdminRequest, CompletionStage<Reply>> api;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final long startedAt = System.nanoTime();
    private boolean over;
    private boolean asked;

    AdminExchange(
            ProxyLoop loop, Downstream client, RequestHead head, Function<AdminRequest, CompletionStage<Reply>> api) {
        this.loop = loop;
        this.client = client;
        this.head = head;
        this.api = api;
    }

    @Override
    public void start() {
        if (head.expectContinue()) {
            var _ = client.room(CONTINUE.length).writeBytes(CONTINUE);
            client.flush();
        }
    }

    @Override
    public void requestBody(ByteBuf data) {
        try {
            if (!asked) {
                data.readBytes(body, Math.min(data.readableBytes(), AdminApi.MAX_BODY + 1 - body.size()));
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            data.release();
        }
        if (body.size() > AdminApi.MAX_BODY) {
            // Enough to be refused: the rest need not come.
            ask();
        }
    }

    @Override
    public void requestEnd(Fields trailers) {
        ask();
    }

    private static String query(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    private void ask() {
        if (asked || over) {
            return;
        }
        asked = true;
        AdminRequest request = new AdminRequest(
                head.method(),
                head.path(),
                query(head.target()),
                name -> head.fields().get(name.toLowerCase(Locale.ROOT)),
                body.toByteArray(),
                client.peer().address());
        boolean complete = body.size() <= AdminApi.MAX_BODY;
        api.apply(request).thenAccept(reply -> loop.execute(() -> answer(reply, !complete)));
    }

    @Override
    public void requestMalformed(MalformedMessage fault) {
        answer(Reply.error(fault.status(), fault.text()), true);
    }

    private void answer(Reply reply, boolean closing) {
        if (over) {
            return;
        }
        over = true;
        boolean close = closing || !head.keepAlive() || client.leaving();
        reply.write(client.room(512), head.method().equals("HEAD"), head.minorVersion(), close);
        loop.answered(client.peer(), head, reply, startedAt);
        client.exchangeEnded(close ? End.CLOSE : End.KEEP_ALIVE);
    }

    @Override
    public void flush() {
        // Nothing is passed on.
    }

    @Override
    public void clientWritable(boolean writable) {
        // Replies are small.
    }

    @Override
    public void requestTimedOut() {
        answer(Reply.error(408, "Request was not complete in time"), true);
    }

    @Override
    public void tick(long now) {
        // A call takes as long as it takes.
    }

    /** The call goes on without its caller. */
    @Override
    public void abort() {
        over = true;
    }
}
