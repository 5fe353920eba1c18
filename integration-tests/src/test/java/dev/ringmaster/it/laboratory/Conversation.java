package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Wire.MalformedException;
import dev.ringmaster.it.laboratory.Wire.WrongBytesException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** One connection to a scripted replica. */
final class Conversation implements Runnable {
    private static final long SLOW_MILLIS = 150;
    private static final long DRIP_MILLIS = 5;
    private static final int DRIPS = 40;
    private static final int MOMENT_MILLIS = 3;
    /** Longest answer that more is added to: both go out in one piece, so that the reader sees both at once. */
    private static final int LONGEST_WITH_MORE = 8 << 10;

    private final ScriptedReplica replica;
    private final Socket socket;
    private final Wire wire;
    private final OutputStream out;
    private volatile boolean idle = true;

    Conversation(ScriptedReplica replica, Socket socket) throws IOException {
        this.replica = replica;
        this.socket = socket;
        this.wire = new Wire(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), Bodies.PIECE);
    }

    @Override
    public void run() {
        try (socket) {
            boolean going = true;
            while (going) {
                idle = true;
                String head = wire.head();
                idle = false;
                going = head.startsWith("GET /heartbeat ") ? heartbeat() : serve(head);
            }
        } catch (MalformedException malformed) {
            System.err.println(malformed.getMessage());
            replica.malformed();
        } catch (IOException gone) {
            // Either end has closed the connection, which ends the conversation.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            replica.ended(this);
        }
    }

    void closeIfIdle() {
        if (idle) {
            close(false);
        }
    }

    void reset() {
        close(true);
    }

    private void close(boolean reset) {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException closed) {
            // It is closed.
        }
    }

    /** Until the other end has had enough; it may ask nothing more before it has its answer. */
    private void hang() throws IOException {
        throw new MalformedException("asked although an answer is due: " + wire.head());
    }

    private boolean heartbeat() throws IOException, InterruptedException {
        switch (replica.script().next(true)) {
            case NORMAL -> send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            case HANG -> hang();
            case FAIL -> send("HTTP/1.1 500 Ill\r\nContent-Length: 0\r\n\r\n");
            default -> {
                reset();
                return false;
            }
        }
        return true;
    }

    private boolean serve(String head) throws IOException, InterruptedException {
        Target target = Target.of(head);
        replica.mark(target.id(), Mark.HEARD);
        Behaviour behaviour = replica.script().next(false);
        if (behaviour == Behaviour.RESET || behaviour == Behaviour.CLOSE) {
            replica.mark(target.id(), Mark.BROKEN);
            close(behaviour == Behaviour.RESET);
            return false;
        }
        if (behaviour == Behaviour.HANG) {
            replica.mark(target.id(), Mark.HUNG);
        }
        try {
            if (wire.body(head, Bodies.up(target.id())) != target.body()) {
                replica.mark(target.id(), Mark.WRONG_BODY);
            }
        } catch (WrongBytesException wrong) {
            replica.mark(target.id(), Mark.WRONG_BODY);
        }
        return misbehave(target, behaviour);
    }

    private boolean misbehave(Target target, Behaviour behaviour) throws IOException, InterruptedException {
        switch (behaviour) {
            case HANG -> hang();
            case SLOW -> Thread.sleep(SLOW_MILLIS);
            case RESET_IN_HEAD -> {
                replica.mark(target.id(), Mark.BROKEN);
                send("HTTP/1.1 20");
                reset();
            }
            case INFORM_AND_RESET -> {
                replica.mark(target.id(), Mark.SPOILED);
                send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                reset();
            }
            case GARBAGE -> {
                replica.mark(target.id(), Mark.SPOILED);
                send("garbage " + target.id() + "\r\n\r\n");
            }
            case RESET_IN_BODY, SHORT -> half(target, behaviour);
            default -> {
                return answer(target, behaviour);
            }
        }
        return behaviour == Behaviour.SLOW && answer(target, behaviour);
    }

    private void half(Target target, Behaviour behaviour) throws IOException {
        replica.mark(target.id(), Mark.CUT);
        out.write(head(target, "200 OK", target.size() + 1));
        write(target, 0, target.size() / 2);
        out.flush();
        close(behaviour == Behaviour.RESET_IN_BODY);
    }

    private boolean answer(Target target, Behaviour behaviour) throws IOException, InterruptedException {
        replica.mark(target.id(), behaviour == Behaviour.FAIL ? Mark.FAILED : Mark.BEGUN);
        boolean last = behaviour == Behaviour.LAST;
        String status = behaviour == Behaviour.FAIL ? "500 Failed" : last ? "200 OK\r\nConnection: close" : "200 OK";
        byte[] head = head(target, status, target.size());
        if (behaviour == Behaviour.DRIP) {
            drip(head);
        } else {
            out.write(head);
        }
        write(target, 0, target.size());
        if (target.chunked()) {
            out.write(Wire.ascii("0\r\n\r\n"));
        }
        boolean more = target.size() <= LONGEST_WITH_MORE;
        if (more) {
            more(target, behaviour);
        }
        out.flush();
        replica.mark(target.id(), Mark.DONE);
        if (behaviour == Behaviour.CLOSE_SOON) {
            Thread.sleep(target.id() % MOMENT_MILLIS);
        }
        return behaviour != Behaviour.CLOSE_SOON && !last && !(more && behaviour == Behaviour.LONG);
    }

    private void more(Target target, Behaviour behaviour) throws IOException {
        if (behaviour == Behaviour.LONG) {
            out.write(Wire.ascii("more than was announced"));
        } else if (behaviour == Behaviour.TWICE) {
            out.write(
                    Wire.ascii("HTTP/1.1 200 OK\r\nX-Lab-Id: " + (target.id() + 1) + "\r\nContent-Length: 1\r\n\r\nx"));
        }
    }

    private void drip(byte[] bytes) throws IOException, InterruptedException {
        for (int i = 0; i < bytes.length; i++) {
            out.write(bytes[i]);
            if (i < DRIPS) {
                out.flush();
                Thread.sleep(DRIP_MILLIS);
            }
        }
    }

    private static byte[] head(Target target, String status, long length) {
        String framing = target.chunked() ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
        return Wire.ascii("HTTP/1.1 " + status + "\r\nX-Lab-Id: " + target.id() + "\r\n" + framing + "\r\n\r\n");
    }

    private void write(Target target, long from, long to) throws IOException {
        Bodies.write(out, Bodies.down(target.id()), from, to, target.chunked());
    }

    private void send(String text) throws IOException {
        out.write(Wire.ascii(text));
        out.flush();
    }
}
