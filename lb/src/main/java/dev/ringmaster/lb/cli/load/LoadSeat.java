package dev.ringmaster.lb.cli.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the load's places for a request in flight, with the connection that it keeps for the next one. A connection
 * that fails takes its request down with it; the next request dials anew. Confined to the load's event loop.
 */
final class LoadSeat {
    private final LoadRun run;
    private final LoadOptions options;
    private final Bootstrap dialler;
    private final byte[] request;
    private @Nullable Channel channel;
    private boolean busy;
    private long intended;
    private long begun;

    LoadSeat(LoadRun run, LoadOptions options, Bootstrap dialler) {
        this.run = run;
        this.options = options;
        this.request = request(options);
        this.dialler = dialler.clone().handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                opened.pipeline().addLast("decoder", new HttpResponseDecoder());
                opened.pipeline().addLast("answers", new LoadAnswers(LoadSeat.this));
            }
        });
    }

    private static byte[] request(LoadOptions options) {
        String path = options.url().getRawPath().isEmpty() ? "/" : options.url().getRawPath();
        String query =
                options.url().getRawQuery() == null ? "" : "?" + options.url().getRawQuery();
        String head = "GET " + path + query + " HTTP/1.1\r\nHost: "
                + options.url().getRawAuthority() + "\r\nUser-Agent: ringmaster-load\r\nAccept: */*\r\n\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }

    /** Dials ahead of any request; a failure is forgotten, as the first request dials again. */
    void prepare(Runnable settled) {
        dial(_ -> settled.run());
    }

    /** Sends one request, over a new connection if there is none. */
    void send(long intendedAt, long now) {
        busy = true;
        intended = intendedAt;
        begun = now;
        if (channel != null && channel.isActive()) {
            write(channel);
        } else {
            dial(this::sendOver);
        }
    }

    private void dial(Consumer<ChannelFuture> then) {
        var _ = dialler.connect().addListener((ChannelFuture dial) -> {
            if (run.done().isDone()) {
                var _ = dial.channel().close();
            } else {
                channel = dial.isSuccess() ? dial.channel() : null;
                then.accept(dial);
            }
        });
    }

    private void sendOver(ChannelFuture dial) {
        if (dial.isSuccess()) {
            write(dial.channel());
        } else {
            end(LoadFailure.CONNECT);
        }
    }

    private void write(Channel open) {
        run.recorder().sent(intended, System.nanoTime());
        // A void promise: a failed write comes back through the handler, as every other failure does.
        var _ = open.writeAndFlush(open.alloc().directBuffer(request.length).writeBytes(request), open.voidPromise());
    }

    /** A complete answer has come; {@code replica} is empty where none greeted. */
    void answered(Channel from, int status, String replica, boolean keepAlive) {
        if (!from.equals(channel) || !busy) {
            return;
        }
        if (!keepAlive) {
            hangUp(from);
        }
        if (status / 100 == 4) {
            end(LoadFailure.STATUS_4XX);
        } else if (status / 100 == 5) {
            end(LoadFailure.STATUS_5XX);
        } else if (status / 100 != 2 || (replica.isEmpty() && !options.anyBody())) {
            end(LoadFailure.BAD_BODY);
        } else {
            busy = false;
            run.recorder().ok(intended, System.nanoTime(), replica);
            run.release(this);
        }
    }

    /** The connection is of no more use; what was in flight on it fails so. */
    void broken(Channel from, LoadFailure failure) {
        if (!from.equals(channel)) {
            return;
        }
        hangUp(from);
        if (busy) {
            end(failure);
        }
    }

    /** Gives up an answer that is overdue; the dialling has a deadline of its own. */
    void expire(long now) {
        if (busy && channel != null && now - begun > options.timeout().toNanos()) {
            broken(channel, LoadFailure.TIMEOUT);
        }
    }

    void close() {
        if (channel != null) {
            hangUp(channel);
        }
    }

    private void hangUp(Channel connection) {
        channel = null;
        var _ = connection.close();
    }

    private void end(LoadFailure failure) {
        busy = false;
        run.recorder().failed(failure, System.nanoTime());
        run.release(this);
    }
}
