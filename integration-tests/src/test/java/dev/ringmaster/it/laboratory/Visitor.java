package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.harness.Patience;
import dev.ringmaster.it.laboratory.Call.Outcome;
import dev.ringmaster.it.laboratory.Mix.Request;
import dev.ringmaster.it.laboratory.Wire.WrongBytesException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One client: a connection after the other, a request after the other, each answer read to its last byte. */
final class Visitor implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = Math.toIntExact(Patience.LIMIT.toMillis());

    private final int port;
    private Socket socket = new Socket();
    private Wire wire = new Wire(InputStream.nullInputStream());
    private int status;
    private boolean last;

    Visitor(int port) {
        this.port = port;
    }

    Call call(Request request) throws IOException {
        long start = System.nanoTime();
        status = 0;
        last = false;
        Outcome outcome = outcome(request);
        if (outcome != Outcome.ANSWERED || last) {
            socket.close();
        }
        return new Call(
                request.target().id(), request.once(), request.size(), status, outcome, start, System.nanoTime());
    }

    private Outcome outcome(Request request) throws IOException {
        if (!socket.isConnected() || socket.isClosed()) {
            connect();
        } else if (wire.pending()) {
            return Outcome.MORE;
        }
        try {
            send(request);
            return request.leave() ? Outcome.LEFT : answer(request.target());
        } catch (SocketTimeoutException silent) {
            return Outcome.STUCK;
        } catch (WrongBytesException wrong) {
            return Outcome.WRONG_BYTES;
        } catch (IOException ended) {
            return status == 0 ? Outcome.LOST : Outcome.CUT;
        }
    }

    private void connect() throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        wire = new Wire(socket.getInputStream());
    }

    private void send(Request request) {
        try {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), Bodies.PIECE);
            boolean body = !request.method().equals("GET");
            String framing =
                    request.chunked() ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + request.size() + "\r\n";
            out.write(Wire.ascii(request.method() + " " + request.target().path() + " HTTP/1.1\r\nHost: lab\r\n"
                    + (body ? framing : "") + "\r\n"));
            long until = request.leave() ? request.size() / 2 : request.size();
            Bodies.write(out, Bodies.up(request.target().id()), 0, until, request.chunked());
            if (request.chunked() && !request.leave()) {
                out.write(Wire.ascii("0\r\n\r\n"));
            }
            out.flush();
        } catch (IOException refused) {
            // An answer may still have come, and says more.
            last = true;
        }
    }

    private Outcome answer(Target target) throws IOException {
        String head = wire.head();
        while (head.startsWith("HTTP/1.1 1")) {
            head = wire.head();
        }
        status = Integer.parseInt(head.substring(9, 12));
        last |= Wire.field(head, "Connection").equalsIgnoreCase("close");
        String id = Wire.field(head, "X-Lab-Id");
        if (id.isEmpty() && status >= 500) {
            ownAnswer(head);
            return Outcome.ANSWERED;
        }
        if (!id.equals(String.valueOf(target.id()))) {
            return Outcome.MIXED_UP;
        }
        long length = wire.body(head, Bodies.down(target.id()));
        // A clean end too early is no cut: nobody could tell it from the whole.
        return length != target.size() ? Outcome.WRONG_BYTES : wire.pending() ? Outcome.MORE : Outcome.ANSWERED;
    }

    /** What the balancer says itself is short and has a length. */
    private void ownAnswer(String head) throws IOException {
        wire.skip(Integer.parseInt(Wire.field(head, "Content-Length")));
    }

    /** Ends the connection as a client does that wants no more; the next call opens another one. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        hangUp();
    }
}
