package dev.ringmaster.lb.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A second opinion on what some bytes mean: Netty's own decoders, which the balancer does not run. */
final class NettyOracle {
    /** A complete message; {@code start} is method and target, or the status. */
    record Message(String start, List<String> fields, String body, List<String> trailers) {}

    private static final HttpDecoderConfig CONFIG =
            new HttpDecoderConfig().setMaxInitialLineLength(1 << 14).setMaxHeaderSize(1 << 16);

    final List<Message> messages = new ArrayList<>();
    private HttpMessage head;
    private final StringBuilder body = new StringBuilder();

    static NettyOracle requests(String message) {
        return new NettyOracle(new HttpRequestDecoder(CONFIG), message);
    }

    static NettyOracle responses(String message, boolean toHeadRequest) {
        HttpResponseDecoder decoder = new HttpResponseDecoder(CONFIG) {
            @Override
            protected boolean isContentAlwaysEmpty(HttpMessage msg) {
                boolean informational = ((HttpResponse) msg).status().code() < 200;
                return (toHeadRequest && !informational) || super.isContentAlwaysEmpty(msg);
            }
        };
        return new NettyOracle(decoder, message);
    }

    private NettyOracle(HttpObjectDecoder decoder, String message) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.wrappedBuffer(Messages.bytes(message)));
        channel.finish();
        boolean good = true;
        for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
            if (read instanceof HttpObject part) { // what follows a change of protocols is bare bytes
                good &= part.decoderResult().isSuccess();
                if (good) {
                    add(part);
                }
            }
            ReferenceCountUtil.release(read);
        }
    }

    private void add(HttpObject read) {
        if (read instanceof HttpMessage message) {
            head = message;
            body.setLength(0);
        }
        if (read instanceof HttpContent content) {
            body.append(Messages.latin(content.content()));
        }
        if (read instanceof LastHttpContent last) {
            messages.add(new Message(start(), list(head.headers()), body.toString(), list(last.trailingHeaders())));
        }
    }

    private String start() {
        return head instanceof HttpRequest request
                ? request.method().name() + " " + reduced(request)
                : "" + ((HttpResponse) head).status().code();
    }

    /** The target as a replica gets it (RFC 9112 3.2.1 and 3.2.4), made from the raw one. */
    private static String reduced(HttpRequest request) {
        String target = request.uri();
        if (!target.toLowerCase(Locale.ROOT).startsWith("http://")) {
            return target;
        }
        String rest = target.substring("http://".length()).replaceFirst("^[^/?]*", "");
        if (rest.isEmpty()) {
            return request.method().name().equals("OPTIONS") ? "*" : "/";
        }
        return rest.startsWith("?") ? "/" + rest : rest;
    }

    private static List<String> list(HttpHeaders headers) {
        return headers.entries().stream()
                .map(field -> field.getKey() + ":" + field.getValue())
                .toList();
    }
}
