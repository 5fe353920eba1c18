package dev.ringmaster.it.fault;

import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.util.SplittableRandom;

/** An origin that breaks in every way it can, now and then; what it answers in full is the request's own path. */
final class FaultyOrigin {
    private static final int FAULTS = 12;
    private static final int ONE_IN = 3;

    private FaultyOrigin() {}

    static Origin start(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        return new Origin(connection -> {
            boolean going = true;
            while (going) {
                String head = connection.head();
                int fault = random.nextInt(ONE_IN) == 0 ? 1 + random.nextInt(FAULTS) : 0;
                going = answer(connection, head, fault);
            }
        });
    }

    private static boolean answer(Origin.Connection connection, String head, int fault) throws IOException {
        if (fault == 1) {
            connection.reset();
            return false;
        }
        if (fault == 2) {
            return false;
        }
        body(connection, head);
        String path = head.split(" ", -1)[1];
        String ok = "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n";
        switch (fault) {
            case 0 -> connection.send(ok + path);
            case 3 -> connection.reset();
            case 4 -> connection.send("HTTP");
            case 5 -> connection.send(ok.substring(0, ok.length() - 3));
            case 6 -> connection.send(ok + path.substring(1)).reset();
            case 7 -> connection.send(ok + path.substring(1));
            case 8 -> connection.send("garbage\r\n\r\n");
            case 9 -> connection.send("HTTP/1.1 103 Early Hints\r\n\r\n").reset();
            case 10 -> connection.send(ok.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + path);
            case 11 -> connection.send(ok + path).reset();
            default -> connection.send(ok + path + ok + "/somebody-else");
        }
        return fault == 0;
    }

    private static void body(Origin.Connection connection, String head) throws IOException {
        String name = "\r\nContent-Length: ";
        int at = head.indexOf(name);
        if (at >= 0) {
            connection.read(
                    Integer.parseInt(head.substring(at + name.length(), head.indexOf("\r\n", at + name.length()))));
        }
    }
}
