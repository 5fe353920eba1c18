package dev.ringmaster.it.bulk;

import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Takes uploads of any size and says what it got; sends downloads of any size: {@code GET /BYTES[/chunked]}. */
final class BulkOrigin {
    private BulkOrigin() {}

    static Origin start() throws IOException {
        return new Origin(connection -> {
            while (true) {
                String head = connection.head();
                if (head.startsWith("POST")) {
                    Bulk.Sum sum = upload(head, connection.in());
                    connection.ok(sum.bytes() + " " + sum.checksum());
                } else {
                    download(head, connection);
                }
            }
        });
    }

    private static Bulk.Sum upload(String head, InputStream in) throws IOException {
        return head.contains("\r\nTransfer-Encoding: chunked\r\n")
                ? Bulk.receiveChunked(in)
                : Bulk.receive(in, Long.parseLong(head.replaceFirst("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1")));
    }

    private static void download(String head, Origin.Connection connection) throws IOException {
        String[] path =
                head.substring("GET /".length(), head.indexOf(" HTTP/1.1")).split("/", -1);
        boolean chunked = path.length > 1;
        long bytes = Long.parseLong(path[0]);
        String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes;
        connection.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
        OutputStream out = connection.socket().getOutputStream();
        Bulk.send(out, bytes, chunked);
    }
}
