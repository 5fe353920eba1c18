package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Whatever the readers accept, Netty's decoders accept and read the same: as many messages, the same fields, the same
 * bytes of body. Where the two differ on purpose:
 *
 * <ul>
 *   <li>Netty drops Content-Length, Transfer-Encoding and Trailer from trailers while reading, here the writer does it:
 *       "a sender MUST NOT generate a trailer field unless the sender knows the corresponding header field name's
 *       definition permits" (RFC 9110 6.5.1).
 *   <li>Netty rewrites a Content-Length with leading zeros, here the writer does it: "Content-Length = 1*DIGIT" (RFC
 *       9110 8.6) allows them.
 *   <li>Netty drops Transfer-Encoding from a response that can have no body, here the writer does it: such a response "is
 *       always terminated by the first empty line after the header fields" (RFC 9112 6.3).
 *   <li>Netty fails on two things in chunk extensions that are allowed: bytes above 0x7f in a quoted value ("qdtext = HTAB
 *       / SP / %x21 / %x23-5B / %x5D-7E / obs-text", RFC 9110 5.6.4) and white space behind a value ("chunk-ext = *( BWS
 *       ";" BWS chunk-ext-name", RFC 9112 7.1.1). Messages with these are left out.
 * </ul>
 */
final class DifferentialTest {
    private static final int TRIALS = Integer.getInteger("ringmaster.trials", 6_000);
    private static final int ENOUGH = TRIALS / 10;
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^\\p{XDigit}+[ \\t]*;.*([\\x80-\\xff]|[ \\t];)");

    @Test
    void requests_randomAndSpoiled_areReadAsNettyDoes(TestReporter reporter) {
        long seed = seed(reporter);
        int accepted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            String message = new RandomMessages(random).requests();
            if (LEFT_OUT.matcher(message).find()) {
                continue;
            }
            ReadRequests ours = ReadRequests.of(Messages.bytes(message), Messages.cuts(message.length(), random));
            List<NettyOracle.Message> netty = NettyOracle.requests(message).messages;

            List<NettyOracle.Message> read =
                    ours.requests.stream().map(DifferentialTest::message).toList();
            List<NettyOracle.Message> agreed =
                    netty.stream().map(DifferentialTest::plain).toList();
            String trialName = "seed " + (seed + trial) + ": " + message + " fault: " + ours.fault;
            if (ours.fault == null) {
                assertThat(read).as(trialName).isEqualTo(agreed);
            } else {
                assertThat(agreed.subList(0, Math.min(read.size(), agreed.size())))
                        .as(trialName)
                        .isEqualTo(read);
            }
            accepted += ours.fault == null && !read.isEmpty() ? 1 : 0;
        }
        assertThat(accepted).isBetween(ENOUGH, TRIALS - ENOUGH);
    }

    @Test
    void requests_writtenForTheNextHop_areTheSameRequestsToBothParsers(TestReporter reporter) {
        long seed = seed(reporter);
        int written = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            String message = new RandomMessages(new SplittableRandom(seed + trial)).requests();
            List<ReadRequests.Request> requests = ReadRequests.of(message).requests;
            StringBuilder upstream = new StringBuilder();
            requests.forEach(request -> upstream.append(request.forwarded()).append(request.forwardedBody()));

            String trialName = "seed " + (seed + trial) + ": " + message + " written: " + upstream;
            ReadRequests again = ReadRequests.of(upstream.toString());
            assertThat(again.fault).as(trialName).isNull();
            assertThat(again.requests.stream().map(DifferentialTest::gist))
                    .as(trialName)
                    .isEqualTo(requests.stream().map(DifferentialTest::gist).toList());
            assertThat(NettyOracle.requests(upstream.toString()).messages.stream()
                            .map(DifferentialTest::plain))
                    .as(trialName)
                    .isEqualTo(again.requests.stream()
                            .map(DifferentialTest::message)
                            .toList());
            written += requests.size();
        }
        assertThat(written).isGreaterThan(ENOUGH);
    }

    @Test
    void responses_randomAndSpoiled_areReadAsNettyDoes(TestReporter reporter) {
        long seed = seed(reporter);
        int accepted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            boolean toHead = random.nextInt(4) == 0;
            String message = new RandomMessages(random).responses();
            ReadResponses ours =
                    ReadResponses.of(Messages.bytes(message), Messages.cuts(message.length(), random), toHead);
            if (ours.fault != null || LEFT_OUT.matcher(message).find()) {
                continue;
            }
            accepted++;
            List<NettyOracle.Message> netty = NettyOracle.responses(message, toHead).messages;
            String trialName = "seed " + (seed + trial) + " head " + toHead + ": " + message;
            assertThat(netty).as(trialName).hasSizeGreaterThanOrEqualTo(ours.heads.size());
            for (int i = 0; i < ours.heads.size(); i++) {
                boolean last = i == ours.heads.size() - 1;
                NettyOracle.Message read = new NettyOracle.Message(
                        ours.heads.get(i).substring(0, 3),
                        ours.fields.get(i),
                        last ? ours.body.toString() : "",
                        last ? ours.trailers : List.of());
                assertThat(plainResponse(netty.get(i))).as(trialName).isEqualTo(plainResponse(plain(read)));
            }
        }
        assertThat(accepted).isBetween(ENOUGH, TRIALS - ENOUGH);
    }

    @Test
    void readers_randomBytes_throwNothingButMalformedMessage(TestReporter reporter) {
        long seed = seed(reporter);
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(seed + trial);
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);

            String trialName = "seed " + (seed + trial);
            ReadRequests requests = ReadRequests.of(bytes, Messages.cuts(bytes.length, random));
            assertThat(requests.requests).as(trialName).isEmpty();
            ReadResponses responses = ReadResponses.of(bytes, Messages.cuts(bytes.length, random), false);
            assertThat(responses.fault).as(trialName).isNotNull();
        }
    }

    private static long seed(TestReporter reporter) {
        long seed = System.nanoTime();
        reporter.publishEntry("seed", "" + seed);
        return seed;
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
        return new NettyOracle.Message(
                message.start(), fields, message.body(), plain(message).trailers());
    }

    /** What one hop must not change: method, target, body, and whether there is one. */
    private static String gist(ReadRequests.Request request) {
        String[] words = request.head().split(" ", 3);
        return words[0] + " " + words[1] + " " + request.head().contains(" chunked")
                + request.head().contains(" body") + request.body();
    }
}
