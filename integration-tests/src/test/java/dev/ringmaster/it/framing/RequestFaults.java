package dev.ringmaster.it.framing;

import java.util.ArrayList;
import java.util.List;

/** Every way to break the rules of a request's framing, and what the balancer says to it. */
final class RequestFaults {
    private static final String START = "POST /p HTTP/1.1\r\nHost: test\r\n";
    private static final String CHUNKED = START + "Transfer-Encoding: chunked\r\n\r\n";

    private final List<Fault> all = new ArrayList<>();

    /**
     * A request, named by what is wrong with it.
     *
     * @param text of the answer, after {@code <Error>}
     * @param headIsFine whether the origin may hear the head before the fault shows
     */
    record Fault(String name, String request, int status, String text, boolean headIsFine) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Fault> all() {
        RequestFaults faults = new RequestFaults();
        faults.lengths();
        faults.codings();
        faults.chunks();
        faults.lines();
        faults.hosts();
        faults.versions();
        return faults.all;
    }

    private void head(String name, String request, int status, String text) {
        all.add(new Fault(name, request, status, text, false));
    }

    private void field(String name, String line, int status, String text) {
        head(name, START + line + "\r\n\r\nabcde", status, text);
    }

    private void body(String name, String body, String text) {
        all.add(new Fault(name, CHUNKED + body, 400, text, true));
    }

    private void lengths() {
        String text = "Content-Length is not valid";
        field("repeated length", "Content-Length: 5\r\nContent-Length: 6", 400, text);
        field("repeated equal length", "Content-Length: 5\r\nContent-Length: 5", 400, text);
        field("list of lengths", "Content-Length: 5, 6", 400, text);
        field("list of equal lengths", "Content-Length: 5, 5", 400, text);
        field("plus sign", "Content-Length: +5", 400, text);
        field("minus sign", "Content-Length: -5", 400, text);
        field("space in length", "Content-Length: 1 0", 400, text);
        field("empty length", "Content-Length:", 400, text);
        field("hexadecimal length", "Content-Length: 0x5", 400, text);
        field("length of 2^63", "Content-Length: 9223372036854775808", 400, text);
        field("length of 2^64 + 5", "Content-Length: 18446744073709551621", 400, text);
        String named = "Connection names a field that may not be removed";
        field("length named in Connection", "Connection: Content-Length\r\nContent-Length: 5", 400, named);
        field("coding named in Connection", "Connection: x, transfer-encoding", 400, named);
        field("host named in Connection", "Connection: close, Host", 400, named);
    }

    private void codings() {
        String both = "Content-Length is not allowed with Transfer-Encoding";
        field("length, then coding", "Content-Length: 5\r\nTransfer-Encoding: chunked", 400, both);
        field("coding, then length", "Transfer-Encoding: chunked\r\nContent-Length: 5", 400, both);
        String text = "Transfer-Encoding is not valid";
        field("chunked not last", "Transfer-Encoding: chunked, gzip", 400, text);
        field("no chunked", "Transfer-Encoding: gzip", 400, text);
        field("identity", "Transfer-Encoding: identity", 400, text);
        field("xchunked", "Transfer-Encoding: xchunked", 400, text);
        field("chunked twice in a list", "Transfer-Encoding: chunked, chunked", 400, text);
        field("chunked twice in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400, text);
        field("empty element", "Transfer-Encoding: ,chunked", 400, text);
        field("another coding first", "Transfer-Encoding: gzip, chunked", 501, "Transfer-Encoding is not supported");
        field(
                "another coding in a field before",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                501,
                "Transfer-Encoding is not supported");
        head(
                "coding in HTTP/1.0",
                "POST /p HTTP/1.0\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400,
                "Transfer-Encoding is not allowed in HTTP/1.0");
    }

    private void chunks() {
        String size = "Chunk size is not valid";
        body("letter for a size", "g\r\n", size);
        body("no size", "\r\n", size);
        body("negative size", "-1\r\n", size);
        body("size in C", "0x5\r\nabcde\r\n0\r\n\r\n", size);
        body("space after size", "5 \r\nabcde\r\n0\r\n\r\n", size);
        body("size of 2^63", "8000000000000000\r\n", size);
        body("size of 17 digits", "00000000000000005\r\nabcde\r\n0\r\n\r\n", size);
        body("LF after size", "5\nabcde\r\n0\r\n\r\n", size);
        body("CR after size", "5\rabcde\r\n0\r\n\r\n", size);
        body("LF in extension", "5;a\nb\r\nabcde\r\n0\r\n\r\n", size);
        body("CR in extension", "5;a\rb\r\nabcde\r\n0\r\n\r\n", size);
        body("NUL in extension", "5;a\0\r\nabcde\r\n0\r\n\r\n", size);
        body("LF in quoted extension", "5;a=\"\n\"\r\nabcde\r\n0\r\n\r\n", size);
        body("extension without a name", "5;\r\nabcde\r\n0\r\n\r\n", size);
        String end = "Chunk does not end where its size says";
        body("chunk too long", "5\r\nabcdef\r\n0\r\n\r\n", end);
        body("LF after chunk", "5\r\nabcde\n0\r\n\r\n", end);
        body("CR after chunk", "5\r\nabcde\r0\r\n\r\n", end);
        String trailer = "Header line is not valid";
        body("LF after trailer", "0\r\nX: y\n\r\n", trailer);
        body("LF in place of the last line", "0\r\n\n", trailer);
        body("folded trailer", "0\r\nX: y\r\n z\r\n\r\n", trailer);
        body("NUL in trailer", "0\r\nX: \0\r\n\r\n", trailer);
        body("space before a trailer's colon", "0\r\nX : y\r\n\r\n", trailer);
    }

    private void lines() {
        String line = "Request line is not valid";
        head("LF after request line", "GET /p HTTP/1.1\nHost: test\r\n\r\n", 400, line);
        head("CR in request line", "GET /p\rHTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("CR LF before request line", "\r\nGET /p HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("NUL before request line", "\0GET /p HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("space before request line", " GET /p HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("two spaces", "GET  /p HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("space in target", "GET /p q HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("tab for a space", "GET\t/p\tHTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        head("no version", "GET /p\r\nHost: test\r\n\r\n", 400, line);
        head("control byte in target", "GET /\001 HTTP/1.1\r\nHost: test\r\n\r\n", 400, line);
        String target = "Request target is not valid";
        head("fragment in target", "GET /p#f HTTP/1.1\r\nHost: test\r\n\r\n", 400, target);
        head("byte above ASCII in target", "GET /\u00e4 HTTP/1.1\r\nHost: test\r\n\r\n", 400, target);
        head("relative target", "GET p HTTP/1.1\r\nHost: test\r\n\r\n", 400, target);
        head("asterisk of a GET", "GET * HTTP/1.1\r\nHost: test\r\n\r\n", 400, target);
        head("other scheme", "GET ftp://test/p HTTP/1.1\r\nHost: test\r\n\r\n", 400, target);
        String text = "Header line is not valid";
        field("folded field", "X: y\r\n z", 400, text);
        field("folded with a tab", "X: y\r\n\tz", 400, text);
        field("field that begins with a space", " X: y", 400, text);
        field("space before colon", "X : y", 400, text);
        field("no colon", "X", 400, text);
        field("no name", ": y", 400, text);
        field("LF after field", "X: y\nZ: y", 400, text);
        field("CR in field", "X: y\rZ: y", 400, text);
        field("NUL in value", "X: \0", 400, text);
        field("DEL in value", "X: \u007f", 400, text);
        field("control byte in value", "X: \033", 400, text);
        field("NUL in name", "X\0: y", 400, text);
        field("byte above ASCII in name", "X\u00e4: y", 400, text);
    }

    private void hosts() {
        head("no host", "GET /p HTTP/1.1\r\nX: y\r\n\r\n", 400, "Host is missing");
        String text = "Host is not valid";
        field("two hosts", "Host: other", 400, text);
        field("two equal hosts", "Host: test", 400, text);
        head("user in host", "GET /p HTTP/1.1\r\nHost: user@test\r\n\r\n", 400, text);
        head("empty host", "GET /p HTTP/1.1\r\nHost:\r\n\r\n", 400, text);
        head("list of hosts", "GET /p HTTP/1.1\r\nHost: test, other\r\n\r\n", 400, text);
        head("path in host", "GET /p HTTP/1.1\r\nHost: test/x\r\n\r\n", 400, text);
        head("port too big", "GET /p HTTP/1.1\r\nHost: test:65536\r\n\r\n", 400, text);
        String differs = "Host differs from the request target";
        head("another host in target", "GET http://other/p HTTP/1.1\r\nHost: test\r\n\r\n", 400, differs);
        head("another port in target", "GET http://test:81/p HTTP/1.1\r\nHost: test\r\n\r\n", 400, differs);
        head(
                "user in target",
                "GET http://user@test/p HTTP/1.1\r\nHost: test\r\n\r\n",
                400,
                "Request target is not valid");
        head("host missing beside absolute target", "GET http://test/p HTTP/1.1\r\n\r\n", 400, "Host is missing");
    }

    private void versions() {
        for (String version : List.of("0.9", "1.2", "2.0", "3.7")) {
            head(
                    "version " + version,
                    "GET /p HTTP/" + version + "\r\nHost: test\r\n\r\n",
                    505,
                    "HTTP version is not supported");
        }
        for (String version : List.of("HTTP/1", "HTTP/1.10", "HTTP/11", "http/1.1", "HTTP /1.1", "HTTPS/1.1")) {
            head(
                    "version " + version,
                    "GET /p " + version + "\r\nHost: test\r\n\r\n",
                    400,
                    "Request line is not valid");
        }
    }
}
