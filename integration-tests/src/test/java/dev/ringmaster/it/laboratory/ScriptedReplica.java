package dev.ringmaster.it.laboratory;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A replica in a process of its own, which breaks as it is told. It hears commands and makes its marks over a Unix socket:
 * that works from within a network namespace, and a mark that was written survives even a SIGKILL right after it.
 *
 * <pre>
 *  in   BEHAVIOUR share heartbeats-too seed   every request from now on, with that probability
 *       CUT_IDLE                              closes connections that wait for a request
 *       SYNC                                  answered by that mark
 *  out  "name pid", then a byte and an id for each mark
 * </pre>
 */
public final class ScriptedReplica {
    private static final int BACKLOG = 1024;
    private static final String CUT_IDLE = "CUT_IDLE";

    private final SocketChannel control;
    private final DataOutputStream marks;
    private final InetSocketAddress address;
    private final Set<Conversation> open = ConcurrentHashMap.newKeySet();
    private volatile Script script = Script.NORMAL;
    private volatile ServerSocket server;

    private ScriptedReplica(InetAddress host, Path control, String name) throws IOException {
        this.server = listen(new InetSocketAddress(host, 0));
        this.address = new InetSocketAddress(host, server.getLocalPort());
        this.control = SocketChannel.open(StandardProtocolFamily.UNIX);
        this.control.connect(UnixDomainSocketAddress.of(control));
        this.marks = new DataOutputStream(Channels.newOutputStream(this.control));
        marks.write((name + " " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Arguments: address to listen at, control socket, name. */
    public static void main(String[] args) throws IOException {
        ScriptedReplica replica = new ScriptedReplica(InetAddress.getByName(args[0]), Path.of(args[1]), args[2]);
        replica.accept();
        System.out.println("ringmaster-port " + replica.address.getPort());
        replica.obey();
    }

    private static ServerSocket listen(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(address, BACKLOG);
        return socket;
    }

    Script script() {
        return script;
    }

    void mark(int id, Mark mark) throws IOException {
        byte[] message = {(byte) mark.code(), (byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id};
        synchronized (marks) {
            marks.write(message);
        }
    }

    void malformed() {
        try {
            mark(0, Mark.MALFORMED);
        } catch (IOException over) {
            // Nobody judges any more.
        }
    }

    void ended(Conversation conversation) {
        open.remove(conversation);
    }

    /** Until the laboratory is gone. */
    private void obey() throws IOException {
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(control), StandardCharsets.UTF_8))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                obey(line);
            }
        }
        System.exit(0);
    }

    private void obey(String command) throws IOException {
        switch (command) {
            case "SYNC" -> mark(0, Mark.SYNC);
            case CUT_IDLE -> open.forEach(Conversation::closeIfIdle);
            default -> script(Script.of(command));
        }
    }

    private void script(Script next) throws IOException {
        script = next;
        if (next.behaviour() == Behaviour.REFUSE) {
            server.close();
            open.forEach(Conversation::reset);
        } else if (server.isClosed()) {
            server = listen(address);
            accept();
        }
    }

    private void accept() {
        ServerSocket listening = server;
        Thread.ofPlatform().daemon().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    socket.setTcpNoDelay(true);
                    Conversation conversation = new Conversation(this, socket);
                    open.add(conversation);
                    Thread.ofVirtual().start(conversation);
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }
}
