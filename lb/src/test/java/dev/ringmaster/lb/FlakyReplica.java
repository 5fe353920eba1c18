package dev.ringmaster.lb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/**
 * A replica that answers {@code token checksum}, the token being the target and the checksum the body's, in any framing,
 * and that hangs up, resets, breaks off or dawdles at random.
 */
final class FlakyReplica implements ScriptedOrigin.Script {
    private static final int ODDS = 60;

    private final long seed;
    private final Map<String, AtomicInteger> seen;

    /** Counts in {@code seen} how often each {@code METHOD token} came. */
    FlakyReplica(long seed, Map<String, AtomicInteger> seen) {
        this.seed = seed;
        this.seen = seen;
    }

    static Map<String, AtomicInteger> counts() {
        return new ConcurrentHashMap<>();
    }

    static String answer(String token, byte[] body) {
        CRC32 sum = new CRC32();
        sum.update(body);
        return token + " " + sum.getValue();
    }

    @Override
    public void run(ScriptedOrigin.Connection connection) throws IOException {
        SplittableRandom random = new SplittableRandom(seed + connection.number());
        boolean open = true;
        while (open) {
            String head = connection.head();
            String[] line = head.split(" ", 3);
            String token = line[1].substring(1);
            seen.computeIfAbsent(line[0] + " " + token, _ -> new AtomicInteger())
                    .incrementAndGet();
            open = !breaks(connection, random, "HTTP/1.1 2");
            if (open) {
                String text = answer(token, body(connection, head));
                open = !breaks(connection, random, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
                        && respond(connection, random.nextInt(8), line[0].equals("HEAD") ? "" : text, text.length());
            }
        }
    }

    private static boolean breaks(ScriptedOrigin.Connection connection, SplittableRandom random, String beginning)
            throws IOException {
        switch (random.nextInt(ODDS)) {
            case 0 -> connection.reset();
            case 1 -> connection.socket().close();
            case 2 -> connection.send(beginning).reset();
            case 3 -> {
                Async.pause(Duration.ofMillis(random.nextInt(1, 30)));
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static byte[] body(ScriptedOrigin.Connection connection, String head) throws IOException {
        if (!head.contains("Transfer-Encoding: chunked")) {
            String length = head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
            return connection.read(length.equals(head) ? 0 : Integer.parseInt(length));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            size = chunkSize(connection);
            all.write(connection.read(size));
            connection.read(2);
        } while (size > 0);
        return all.toByteArray();
    }

    private static int chunkSize(ScriptedOrigin.Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\n") < 0) {
            line.append((char) connection.read(1)[0]);
        }
        return Integer.parseInt(line.toString().strip(), 16);
    }

    /** Answers in one of the possible ways; false if the connection ends with it. */
    private static boolean respond(ScriptedOrigin.Connection connection, int way, String body, int length)
            throws IOException {
        String ok = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n" + body;
        switch (way) {
            case 0 -> {
                connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body);
                connection.socket().close();
                return false;
            }
            case 1, 2 -> {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int i = 0; i < body.length(); i++) {
                    connection.send("1\r\n" + body.charAt(i) + "\r\n");
                }
                connection.send(body.isEmpty() ? "" : "0\r\n\r\n");
            }
            case 3 -> connection.send("HTTP/1.1 103 Early Hints\r\n\r\n").send(ok);
            default -> connection.send(ok);
        }
        return true;
    }
}
