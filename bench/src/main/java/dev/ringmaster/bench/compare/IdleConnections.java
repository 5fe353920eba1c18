package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a client's connection costs in memory that has been answered once and then keeps quiet. */
final class IdleConnections implements Trial {
    private static final Duration SETTLE = Duration.ofSeconds(1);
    /** So many share a client address, as an address has only some 28,000 ports, and closed ones are blocked for a while. */
    private static final int ADDRESS_HOLDS = 2_500;

    private static final int FIRST_ADDRESS = 2;
    private static final int ANSWER_BYTES = 4096;
    private static final int ANSWER_MILLIS = 10_000;
    private static final String LAST_WORD = "successful";
    private static final double BYTES_A_KIB = 1024;
    private static final double BYTES_A_MIB = BYTES_A_KIB * 1024;

    private final Field field;
    private final Scenario scenario;
    private final List<Wrk> warmUps;
    private final StartUp starts;
    private final byte[] request;

    /** @param warmUps loads that have the proxy allocate what it has once, and not for each connection */
    IdleConnections(Field field, Scenario scenario, List<Wrk> warmUps) {
        this.field = field;
        this.scenario = scenario;
        this.warmUps = warmUps;
        this.starts = new StartUp(field, scenario);
        this.request =
                ("GET " + scenario.path() + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean startsThem() {
        return true;
    }

    @Override
    public String prepare() throws IOException {
        OpenFiles.require(scenario.connections());
        return "";
    }

    @Override
    public Sample take(Contestant contestant) throws IOException, InterruptedException {
        List<Socket> open = new ArrayList<>();
        try (ServerProcess server = field.startAnew(contestant)) {
            starts.awaitRoute(contestant, server);
            for (Wrk warmUp : warmUps) {
                warmUp.warmUp(contestant);
            }
            Thread.sleep(SETTLE);
            Memory before = Memory.of(server);
            while (open.size() < scenario.connections()) {
                Socket socket = new Socket();
                open.add(socket);
                use(socket, open.size(), server.port());
            }
            Thread.sleep(SETTLE);
            Memory with = Memory.of(server);
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.MEMORY, (with.used() - before.used()) / BYTES_A_KIB / scenario.connections());
            figures.put(Figure.GROWTH, (with.resident() - before.resident()) / BYTES_A_KIB / scenario.connections());
            figures.put(Figure.RSS, with.resident() / BYTES_A_MIB);
            return Sample.of(figures);
        } catch (SocketTimeoutException late) {
            throw new OverdueException("connection %d: %s".formatted(open.size(), late.getMessage()));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private void use(Socket socket, int number, int port) throws IOException {
        byte[] address = {127, 0, 0, (byte) (FIRST_ADDRESS + number / ADDRESS_HOLDS)};
        socket.setSoLinger(true, 0);
        socket.setSoTimeout(ANSWER_MILLIS);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
        socket.getOutputStream().write(request);
        byte[] buffer = new byte[ANSWER_BYTES];
        String answer = "";
        while (!answer.contains(LAST_WORD)) {
            int length = socket.getInputStream().read(buffer);
            if (length < 0) {
                throw new IOException("connection " + number + " was closed after: " + answer);
            }
            answer += new String(buffer, 0, length, StandardCharsets.US_ASCII);
        }
    }
}
