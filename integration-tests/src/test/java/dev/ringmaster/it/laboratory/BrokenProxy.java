package dev.ringmaster.it.laboratory;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy with one defect, which shows once in so many exchanges: what the laboratory must catch to be believed. */
final class BrokenProxy implements AutoCloseable {
    /** What it does wrong. */
    enum Defect {
        NONE,
        /** Closes instead of the answer. */
        LOSES,
        /** Closes within the answer. */
        CUTS,
        /** Says 502 though the replica answered. */
        GIVES_UP,
        /** Sends a POST a second time. */
        REPEATS,
        /** Gives an answer to somebody else, and theirs in turn. */
        SWAPS,
        /** Changes a byte of the answer. */
        ALTERS_ANSWER,
        /** Changes a byte of the request. */
        ALTERS_REQUEST,
        /** Sends half of a request as if it were the whole. */
        TRUNCATES_REQUEST,
        /** Says 502 before it has sent the whole request. */
        ABANDONS,
        /** Leaves a byte behind a request. */
        SENDS_MORE,
        /** Sends an answer twice. */
        ANSWERS_TWICE
    }

    private static final byte[] BAD_GATEWAY = Wire.ascii("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    private static final int SWAP_SECONDS = 60;
    /** Shortest message in which a byte is changed: it is one of the body's. */
    private static final int LONG_ENOUGH = 1000;

    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final int replica;
    private final Defect defect;
    private final int oneIn;
    private final AtomicInteger exchanges = new AtomicInteger();
    private final Exchanger<byte[]> swap = new Exchanger<>();

    BrokenProxy(int replica, Defect defect, int oneIn) throws IOException {
        this.replica = replica;
        this.defect = defect;
        this.oneIn = oneIn;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                client.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), replica)) {
            upstream.setTcpNoDelay(true);
            InputStream requests = new BufferedInputStream(client.getInputStream());
            InputStream answers = new BufferedInputStream(upstream.getInputStream());
            boolean going = true;
            while (going) {
                byte[] request = message(requests);
                boolean broken = breaks(request);
                if (broken && defect == Defect.ABANDONS) {
                    upstream.getOutputStream().write(request, 0, request.length - 1);
                    client.getOutputStream().write(BAD_GATEWAY);
                    return;
                }
                byte[] answer = ask(upstream, answers, broken ? altered(request) : request);
                if (broken && defect == Defect.REPEATS) {
                    answer = ask(upstream, answers, request);
                }
                going = reply(client.getOutputStream(), answer, broken);
            }
        } catch (IOException gone) {
            // The client has left.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean hasBody(String start) {
        return start.contains("Content-Length") && start.length() == LONG_ENOUGH;
    }

    private boolean breaks(byte[] request) {
        String start = new String(request, 0, Math.min(request.length, LONG_ENOUGH), StandardCharsets.ISO_8859_1);
        boolean eligible = switch (defect) {
            case REPEATS -> start.startsWith("POST");
            case ALTERS_REQUEST, TRUNCATES_REQUEST -> hasBody(start);
            case ABANDONS -> start.startsWith("POST") && start.contains("Content-Length");
            case ALTERS_ANSWER -> !start.contains("/chunked ");
            default -> true;
        };
        int turn = eligible ? exchanges.incrementAndGet() % oneIn : -1;
        return turn == oneIn / 2 || (turn == oneIn / 2 + 1 && defect == Defect.SWAPS);
    }

    private byte[] altered(byte[] request) {
        return switch (defect) {
            case ALTERS_REQUEST -> {
                request[request.length - 1]++;
                yield request;
            }
            case TRUNCATES_REQUEST -> half(request);
            case SENDS_MORE -> Arrays.copyOf(request, request.length + 1);
            default -> request;
        };
    }

    private static byte[] half(byte[] request) {
        String text = new String(request, StandardCharsets.ISO_8859_1);
        int body = text.indexOf("\r\n\r\n") + 4;
        int length = request.length - body;
        String head = text.substring(0, body).replace("Length: " + length, "Length: " + length / 2);
        return Wire.ascii(head + text.substring(body, body + length / 2));
    }

    private static byte[] ask(Socket upstream, InputStream answers, byte[] request) throws IOException {
        upstream.getOutputStream().write(request);
        return message(answers);
    }

    /** Returns whether the connection goes on. */
    private boolean reply(OutputStream client, byte[] answer, boolean broken) throws IOException, InterruptedException {
        Defect shown = broken ? defect : Defect.NONE;
        switch (shown) {
            case NONE, REPEATS, ALTERS_REQUEST, TRUNCATES_REQUEST, ABANDONS, SENDS_MORE -> client.write(answer);
            case LOSES -> {}
            case CUTS -> client.write(answer, 0, answer.length - 1);
            case GIVES_UP -> client.write(BAD_GATEWAY);
            case SWAPS -> client.write(others(answer));
            case ALTERS_ANSWER -> {
                answer[answer.length - 1]++;
                client.write(answer);
            }
            case ANSWERS_TWICE -> client.write(twice(answer));
        }
        return shown != Defect.LOSES && shown != Defect.CUTS;
    }

    private byte[] others(byte[] answer) throws InterruptedException {
        try {
            return swap.exchange(answer, SWAP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException alone) {
            return answer;
        }
    }

    private static byte[] twice(byte[] answer) {
        byte[] twice = Arrays.copyOf(answer, 2 * answer.length);
        System.arraycopy(answer, 0, twice, answer.length, answer.length);
        return twice;
    }

    /** A whole message as it came. */
    private static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        String head = lines(in, message, "\r\n\r\n");
        if (head.contains("Transfer-Encoding: chunked")) {
            int size;
            do {
                size = Integer.parseInt(lines(in, message, "\r\n").strip(), 16);
                copy(in, message, size + 2);
            } while (size > 0);
        } else if (!Wire.field(head, "Content-Length").isEmpty()) {
            copy(in, message, Integer.parseInt(Wire.field(head, "Content-Length")));
        }
        return message.toByteArray();
    }

    private static String lines(InputStream in, ByteArrayOutputStream message, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < end.length()
                || !text.substring(text.length() - end.length()).equals(end)) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            message.write(b);
            text.append((char) b);
        }
        return text.toString();
    }

    private static void copy(InputStream in, ByteArrayOutputStream message, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        message.writeBytes(bytes);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
