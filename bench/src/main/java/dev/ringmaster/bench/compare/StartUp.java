package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** From the program's start to the first request that it routed, with both processors to itself. */
final class StartUp implements Trial {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(1);
    private static final int ANSWER_MILLIS = 10_000;
    private static final String GOOD = "HTTP/1.1 200";
    private static final double NANOS_A_MILLI = 1e6;

    private final Field field;
    private final byte[] request;

    StartUp(Field field, Scenario scenario) {
        this.field = field;
        this.request =
                ("GET " + scenario.path() + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean startsThem() {
        return true;
    }

    @Override
    public Sample take(Contestant contestant) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (ServerProcess server = field.launch(contestant)) {
            awaitRoute(contestant, server);
            return Sample.of(Map.of(Figure.START, (System.nanoTime() - begin) / NANOS_A_MILLI));
        }
    }

    /** Returns once a request was answered as it should. */
    void awaitRoute(Contestant contestant, ServerProcess server) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!routes(server.port())) {
            if (!server.isAlive() || System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new IOException(contestant.name() + " routes nothing: " + server.output());
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    private boolean routes(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(ANSWER_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            byte[] line = socket.getInputStream().readNBytes(GOOD.length());
            return new String(line, StandardCharsets.US_ASCII).equals(GOOD);
        } catch (IOException notYet) {
            return false;
        }
    }
}
