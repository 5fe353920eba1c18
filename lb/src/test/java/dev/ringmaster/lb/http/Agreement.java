package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whatever the readers accept, Netty's decoders accept and read the same: as many messages, the same fields, the same
 * bytes of body. What they refuse and Netty accepts is in {@link Refusals}. Where else the two differ on purpose:
 *
 * <ul>
 *   <li>Netty drops Content-Length, Transfer-Encoding and Trailer from trailers while reading, here the writer does it:
 *       "a sender MUST NOT generate a trailer field unless the sender knows the corresponding header field name's
 *       definition permits" (RFC 9110 6.5.1).
 *   <li>Netty rewrites a Content-Length with leading zeros, here the writer does it: "Content-Length = 1*DIGIT" (RFC
 *       9110 8.6) allows them.
 *   <li>Netty drops Transfer-Encoding from a response that can have no body, here the writer does it: such a response "is
 *       always terminated by the first empty line after the header fields" (RFC 9112 6.3).
 *   <li>Netty takes what follows a 101 to websocket without Sec-WebSocket-Accept for a body, here it belongs to the new
 *       protocol: a 1xx "is always terminated by the first empty line after the header fields" (RFC 9112 6.3).
 *   <li>Netty fails on two things in chunk extensions that are allowed: bytes above 0x7f in a quoted value ("qdtext = HTAB
 *       / SP / %x21 / %x23-5B / %x5D-7E / obs-text", RFC 9110 5.6.4) and white space behind a value ("chunk-ext = *( BWS
 *       ";" BWS chunk-ext-name", RFC 9112 7.1.1). Messages with these are left out.
 * </ul>
 */
final class Agreement {
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^\\p{XDigit}+[ \\t]*;.*([\\x80-\\xff]|[ \\t];)");

    private static final int TOO_LARGE = 431;

    private Agreement() {}

    /** Requests, one after another; whether there were any and all of them were accepted. */
    static boolean onRequests(String message, int[] cuts, String trial) {
        if (LEFT_OUT.matcher(message).find()) {
            return false;
        }
        ReadRequests ours = ReadRequests.of(Messages.bytes(message), cuts);
        List<NettyOracle.Message> read =
                ours.requests.stream().map(Agreement::message).toList();
        List<NettyOracle.Message> agreed = NettyOracle.requests(message).messages.stream()
                .map(Agreement::plain)
                .toList();
        assertThat(ours.fault == null ? agreed : agreed.subList(0, Math.min(read.size(), agreed.size())))
                .as("%s: %s fault: %s", trial, message, ours.fault)
                .isEqualTo(read);
        assertThat(ours.fault == null || agreed.size() <= read.size() || Refusals.meant(ours.fault))
                .as("%s: %s refused: %s", trial, message, ours.fault)
                .isTrue();
        return ours.fault == null && !read.isEmpty();
    }

    /** The requests as they are written for the next hop, which have to be the same ones to both; how many there were. */
    static int onForwarded(String message, String trial) {
        List<ReadRequests.Request> requests = ReadRequests.of(message).requests;
        StringBuilder upstream = new StringBuilder();
        requests.forEach(request -> upstream.append(request.forwarded()).append(request.forwardedBody()));

        ReadRequests again = ReadRequests.of(upstream.toString());
        // With the fields that a hop adds a request may be too large for the next hop of our own kind.
        boolean tooLarge = again.fault != null && again.fault.status() == TOO_LARGE;
        int read = tooLarge ? again.requests.size() : requests.size();
        assertThat(tooLarge ? null : again.fault)
                .as("%s: %s written: %s", trial, message, upstream)
                .isNull();
        assertThat(again.requests.stream().map(Agreement::gist).toList())
                .as("%s: %s written: %s", trial, message, upstream)
                .isEqualTo(requests.stream().limit(read).map(Agreement::gist).toList());
        if (!LEFT_OUT.matcher(upstream).find()) {
            assertThat(NettyOracle.requests(upstream.toString()).messages.stream()
                            .limit(read)
                            .map(Agreement::plain)
                            .toList())
                    .as("%s: %s written: %s", trial, message, upstream)
                    .isEqualTo(again.requests.stream().map(Agreement::message).toList());
        }
        return requests.size();
    }

    /** One response and the informational ones before it; whether they were accepted. */
    static boolean onResponses(String message, int[] cuts, boolean toHead, String trial) {
        ReadResponses ours = ReadResponses.of(Messages.bytes(message), cuts, toHead);
        if (LEFT_OUT.matcher(message).find()) {
            return false;
        }
        List<NettyOracle.Message> netty = NettyOracle.responses(message, toHead).messages;
        if (ours.fault != null) {
            assertThat(netty.size() < Math.max(1, ours.heads.size()) || Refusals.meant(ours.fault))
                    .as("%s head %s: %s refused: %s", trial, toHead, message, ours.fault)
                    .isTrue();
            return false;
        }
        assertThat(netty).as("%s head %s: %s", trial, toHead, message).hasSizeGreaterThanOrEqualTo(ours.heads.size());
        for (int i = 0; i < ours.heads.size(); i++) {
            boolean last = i == ours.heads.size() - 1;
            NettyOracle.Message read = new NettyOracle.Message(
                    ours.heads.get(i).substring(0, 3),
                    ours.fields.get(i),
                    last ? ours.body.toString() : "",
                    last && ours.trailers != null ? ours.trailers : List.of());
            assertThat(plainResponse(netty.get(i)))
                    .as("%s head %s: %s", trial, toHead, message)
                    .isEqualTo(plainResponse(plain(read)));
        }
        return true;
    }

    private static NettyOracle.Message message(ReadRequests.Request request) {
        String[] words = request.head().split(" ", 3);
        return plain(new NettyOracle.Message(
                words[0] + " " + words[1], request.fields(), request.body(), request.trailers()));
    }

    /** Without what the two treat differently on purpose. */
    private static NettyOracle.Message plain(NettyOracle.Message message) {
        List<String> fields = message.fields().stream()
                .map(field -> field.replaceFirst("(?i)^content-length:0*(?=\\d)", "Content-Length:"))
                .toList();
        List<String> trailers = message.trailers().stream()
                .filter(field -> Stream.of("content-length:", "transfer-encoding:", "trailer:")
                        .noneMatch(field.toLowerCase(Locale.ROOT)::startsWith))
                .toList();
        return new NettyOracle.Message(message.start(), fields, message.body(), trailers);
    }

    private static NettyOracle.Message plainResponse(NettyOracle.Message message) {
        List<String> fields = message.fields().stream()
                .filter(field -> !field.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:"))
                .map(field -> field.replaceFirst("(?i)^content-length:0*(?=\\d)", "Content-Length:"))
                .toList();
        String body = message.start().equals("101") ? "" : message.body();
        return new NettyOracle.Message(
                message.start(), fields, body, plain(message).trailers());
    }

    /** What one hop must not change: method, target, body, and whether there is one. */
    private static String gist(ReadRequests.Request request) {
        String[] words = request.head().split(" ", 3);
        return words[0] + " " + words[1] + " " + request.head().contains(" chunked")
                + request.head().contains(" body") + request.body();
    }
}
