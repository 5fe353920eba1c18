package dev.ringmaster.it.framing;

import java.util.ArrayList;
import java.util.List;

/** Known shapes of request smuggling, each with a canary where a second request could begin. */
final class Seeds {
    private final String head;
    private final String canary;
    private final List<Payload> all = new ArrayList<>();

    private Seeds(String token) {
        head = "POST /attack/" + token + " HTTP/1.1\r\nHost: test\r\n";
        canary = "GET /smuggled/" + token + " HTTP/1.1\r\nHost: test\r\nX-Canary: " + token + "\r\n\r\n";
    }

    /** Every shape, for one trial's token. */
    static List<Payload> of(String token) {
        Seeds seeds = new Seeds(token);
        seeds.bothLengths();
        seeds.lengthsAlone();
        seeds.chunkTricks();
        seeds.lineTricks(token);
        seeds.targets(token);
        seeds.versions(token);
        seeds.upgrades(token);
        return seeds.all;
    }

    private void add(String name, String text) {
        all.add(new Payload(name, text));
    }

    /** CL.TE, TE.CL and TE.TE: the length says one end, the chunks another. */
    private void bothLengths() {
        String chunked = Integer.toHexString(canary.length()) + "\r\n" + canary + "\r\n0\r\n\r\n";
        for (String coding : Obfuscations.transferEncoding()) {
            String early = "0\r\n\r\n" + canary;
            add("CL.TE", head + "Content-Length: " + early.length() + "\r\n" + coding + "\r\n\r\n" + early);
            add("TE.CL", head + coding + "\r\nContent-Length: 4\r\n\r\n" + chunked);
            add("TE.0", head + coding + "\r\n\r\n" + chunked);
            add("TE.TE", head + "Transfer-Encoding: chunked\r\n" + coding + "\r\n\r\n" + early);
            add("CL.0", head + "Content-Length: 0\r\n" + coding + "\r\n\r\n" + canary);
        }
    }

    private void lengthsAlone() {
        for (String length : Obfuscations.contentLength(canary.length())) {
            add("CL", head + length + "\r\n\r\n" + canary);
            add("CL.CL", head + "Content-Length: 0\r\n" + length + "\r\n\r\n" + canary);
            add("CL.GET", head.replace("POST", "GET") + length + "\r\n\r\n" + canary);
        }
    }

    private void chunkTricks() {
        for (String body : Obfuscations.chunks("ab")) {
            add("chunk", head + "Transfer-Encoding: chunked\r\n\r\n" + body + canary);
        }
        for (String body : Obfuscations.chunks(canary)) {
            add("chunk.inner", head + "Transfer-Encoding: chunked\r\n\r\n" + body);
        }
    }

    /** Ends of lines and of the head that only some servers see. */
    private void lineTricks(String token) {
        for (String end : List.of("\n", "\r", "\r\r\n", "\n\r", "\0\r\n", "\r\n ", "\r\n\t", "\013", "\f", "\u0085")) {
            add("line", head + "X: y" + end + "\r\n" + canary);
            add("line.head", head + "X: y" + end + end + canary);
            add("line.field", head + "X: y" + end + "X-Canary: " + token + "\r\n\r\n");
            add("line.target", "GET /a" + end + canary + "HTTP/1.1\r\nHost: test\r\n\r\n");
            add("line.before", end + head + "\r\n" + canary);
            add("line.host", "GET /attack/" + token + " HTTP/1.1\r\nHost: test" + end + canary);
        }
    }

    private void targets(String token) {
        for (String target : List.of(
                "http://test/attack/" + token,
                "http://other/attack/" + token,
                "http://test:80/attack/" + token,
                "http://test@other/attack/" + token,
                "http://test\\other/attack/" + token,
                "https://test/attack/" + token,
                "//test/attack/" + token,
                "test/attack/" + token,
                "/attack/" + token + " /x",
                "/attack/" + token + "#x",
                "*",
                "")) {
            add("target", "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n" + canary);
        }
        for (String hosts : List.of(
                "Host: test\r\nHost: other",
                "Host: test\r\nHost: test",
                "Host: test@other",
                "Host: test, other",
                "Host : test",
                "Host: test\r\n Host: other",
                "X: y")) {
            add("host", "GET /attack/" + token + " HTTP/1.1\r\n" + hosts + "\r\n\r\n" + canary);
        }
    }

    private void versions(String token) {
        String chunked = "\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + canary;
        for (String version : List.of("HTTP/1.0", "HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", "")) {
            add("version", "POST /attack/" + token + " " + version + chunked);
        }
        add(
                "version.length",
                "POST /attack/" + token + " HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n\r\n" + canary);
        add("version.preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + canary);
        add("close", head + "Connection: close\r\n\r\n" + canary);
        add("pipelined", head + "Content-Length: 0\r\n\r\n" + canary);
    }

    private void upgrades(String token) {
        String get = "GET /attack/" + token + " HTTP/1.1\r\nHost: test\r\n";
        add("h2c", get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n" + canary);
        add("websocket", get + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + canary);
        add("tls", get + "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n\r\n" + canary);
        add("expect", head + "Expect: 100-continue\r\nContent-Length: " + canary.length() + "\r\n\r\n" + canary);
        add("expect.other", head + "Expect: x\r\nContent-Length: " + canary.length() + "\r\n\r\n" + canary);
        add("connect", "CONNECT test:80 HTTP/1.1\r\nHost: test:80\r\n\r\n" + canary);
        add("trace", "TRACE /attack/" + token + " HTTP/1.1\r\nHost: test\r\n\r\n" + canary);
    }
}
