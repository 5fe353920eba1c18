package dev.ringmaster.lb.http;

import java.util.random.RandomGenerator;

/** Makes messages that are nearly right: valid parts in random order, then spoiled here and there. */
final class RandomMessages {
    private static final String[] METHODS = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "x-Y!", "get"
    };
    private static final String[] TARGETS = {
        "/",
        "/a?b=c&d",
        "//x",
        "/%2e/..;/\"<>|",
        "*",
        "http://a/x",
        "http://a",
        "HTTP://A:80?q",
        "http://b/",
        "a:80",
        "/#",
        "/?"
    };
    private static final String[] STATUS = {
        "200 OK", "200", "204 No", "304 ", "404 \u00e9", "100 Go", "103 Hints", "500 x y", "299 \t"
    };
    private static final String[] FIELDS = {
        "A: b",
        "A:",
        "Long-Name_With.All!#$%&'*+-^`|~: v",
        "B: \t v w \t",
        "C: \u00e9\u00ff",
        "Connection: close",
        "Connection: keep-alive, A",
        "connection: upgrade",
        "Upgrade: websocket",
        "Expect: 100-continue",
        "TE: trailers",
        "X-Forwarded-For: 1.2.3.4",
        "x_forwarded_for: 6.6.6.6",
        "X-Request-Id: i",
        "Via: 1.0 x",
        "Keep-Alive: timeout=5",
        "Trailer: T",
        "Content_Length: 9",
        "Transfer-Encodin: chunked",
        "Cookie: a=b",
        "Max-Forwards: 3",
        "Forwarded: for=x"
    };
    private static final String[] FRAMING = {
        "Content-Length: 7",
        "Content-Length: 07",
        "Content-Length: 0",
        "Content-Length: 7, 7",
        "Content-Length: +7",
        "Content-Length: 70",
        "Transfer-Encoding: chunked",
        "transfer-encoding:\tCHUNKED ",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity"
    };
    private static final String[] CHUNKS = {
        "7\r\nabcdefg\r\n",
        "0007;a=b;c=\"d\\\"e\"\r\n0\r\n\r\nab\r\n",
        "1\r\n\r\r\n",
        "a ; b\r\n0123456789\r\n",
        "2;x\r\n\r\n\r\n"
    };
    private static final String[] TRAILERS = {"T: u", "Content-Length: 3", "U:", "Host: b"};
    private static final String[] SPOILERS = {
        "\r\n",
        "\n",
        "\r",
        " ",
        "\t",
        ":",
        ",",
        ";",
        "\u0000",
        "\u007f",
        "\u00ff",
        "_",
        "0",
        "7",
        "0\r\n\r\n",
        "\r\n\r\n",
        "chunked",
        "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Host: a\r\n",
        "HTTP/1.1",
        "GET / HTTP/1.1\r\n",
        "#",
        "?",
        "/",
        "\"",
        "\\",
        "\u000b",
        "\u000c",
        "\u0085",
        "\u00a0",
        "A: b\r\n c\r\n"
    };

    private final RandomGenerator random;

    RandomMessages(RandomGenerator random) {
        this.random = random;
    }

    /** One to three requests, one after another. */
    String requests() {
        StringBuilder all = new StringBuilder();
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            String version = rarely() ? "1.0" : "1.1";
            all.append(any(METHODS))
                    .append(' ')
                    .append(target())
                    .append(" HTTP/")
                    .append(version)
                    .append("\r\n");
            all.append(rarely() ? "" : "Host: a\r\n");
            rest(all);
        }
        return spoiled(all);
    }

    /** Maybe some informational responses and one other, and maybe something after it. */
    String responses() {
        StringBuilder all = new StringBuilder();
        for (int left = 1 + random.nextInt(2); left > 0; left--) {
            all.append("HTTP/1.")
                    .append(rarely() ? '0' : '1')
                    .append(' ')
                    .append(any(STATUS))
                    .append("\r\n");
            rest(all);
        }
        return spoiled(all);
    }

    private void rest(StringBuilder all) {
        for (int fields = random.nextInt(5); fields > 0; fields--) {
            all.append(any(FIELDS)).append("\r\n");
        }
        String framing =
                random.nextInt(3) == 0 ? "" : random.nextInt(4) > 0 ? FRAMING[random.nextInt(2) * 6] : any(FRAMING);
        all.append(framing).append(framing.isEmpty() ? "\r\n" : "\r\n\r\n");
        if (framing.toLowerCase(java.util.Locale.ROOT).contains("chunked")) {
            chunked(all);
        } else if (framing.contains("7")) {
            all.append("abc\r\n\r\n");
        }
    }

    private void chunked(StringBuilder all) {
        for (int chunks = random.nextInt(4); chunks > 0; chunks--) {
            all.append(any(CHUNKS));
        }
        all.append("0\r\n");
        for (int trailers = rarely() ? random.nextInt(3) : 0; trailers > 0; trailers--) {
            all.append(any(TRAILERS)).append("\r\n");
        }
        all.append("\r\n");
    }

    private String spoiled(StringBuilder all) {
        for (int times = random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(all.length());
            switch (random.nextInt(5)) {
                case 0 -> all.deleteCharAt(at);
                case 1 -> all.setCharAt(at, any(SPOILERS).charAt(0));
                case 2 -> all.setCharAt(at, (char) random.nextInt(256));
                default -> all.insert(at, any(SPOILERS));
            }
        }
        return all.toString();
    }

    private String target() {
        return random.nextBoolean() ? "/" : any(TARGETS);
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private boolean rarely() {
        return random.nextInt(8) == 0;
    }
}
