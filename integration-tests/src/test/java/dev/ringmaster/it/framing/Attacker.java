package dev.ringmaster.it.framing;

import dev.ringmaster.it.harness.Patience;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hostile client: sends bytes, ends its output and reads whatever comes. */
final class Attacker {
    private static final int TIMEOUT_MILLIS = Math.toIntExact(Patience.LIMIT.toMillis());
    private static final Pattern ECHO = Pattern.compile("\r\nX-Echo: ([^\r]*)\r\nX-Connection: ([0-9]+)\r\n");

    private final int port;
    private final RandomGenerator random;

    Attacker(int port, RandomGenerator random) {
        this.port = port;
        this.random = random;
    }

    /** What came back: the requests that were answered by the origin, and the connection that it was asked on last. */
    record Answers(List<String> echoes, String connection) {}

    Answers send(String payload) throws IOException {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        // Some in two pieces: where a cut falls must make no difference.
        int cut = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : 0;
        StringBuilder answers = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            try {
                socket.getOutputStream().write(bytes, 0, cut);
                socket.getOutputStream().write(bytes, cut, bytes.length - cut);
                socket.shutdownOutput();
            } catch (IOException refused) {
                // Who refuses early may close early; what it said before is still read.
            }
            read(socket, answers);
        }
        Matcher echoes = ECHO.matcher(answers);
        return new Answers(
                echoes.results().map(echo -> echo.group(1)).toList(),
                echoes.reset()
                        .results()
                        .map(echo -> echo.group(2))
                        .reduce((first, last) -> last)
                        .orElse(""));
    }

    private static void read(Socket socket, StringBuilder answers) throws IOException {
        try {
            byte[] piece = new byte[8192];
            for (int n = socket.getInputStream().read(piece);
                    n >= 0;
                    n = socket.getInputStream().read(piece)) {
                answers.append(new String(piece, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketException reset) {
            // The connection of a request that cannot be completed may end in any way.
        }
    }
}
