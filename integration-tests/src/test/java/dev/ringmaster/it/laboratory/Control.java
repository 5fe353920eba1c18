package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.harness.Soon;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The laboratory's end of its scripted replicas: gives them commands and enters their marks into the ledger. */
final class Control implements AutoCloseable {
    private static final int MARK_BYTES = 5;
    /** The balancer's two seconds, counted from the first heartbeat on. */
    private static final long EARLY_NANOS = 3_000_000_000L;

    private final Ledger ledger;
    private final Windows windows;
    private final Path directory = Files.createTempDirectory("lab");
    private final Path socket = directory.resolve("control");
    private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Set<Remote> live = ConcurrentHashMap.newKeySet();
    private final Queue<String> malformed = new ConcurrentLinkedQueue<>();

    Control(Ledger ledger, Windows windows) throws IOException {
        this.ledger = ledger;
        this.windows = windows;
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::accept);
    }

    /** One replica. */
    final class Remote {
        private final SocketChannel channel;
        private final String name;
        private final ProcessHandle process;
        private final long born = System.nanoTime();
        private final AtomicInteger synced = new AtomicInteger();
        private volatile boolean gone;

        private Remote(SocketChannel channel, String hello) {
            this.channel = channel;
            this.name = hello.substring(0, hello.indexOf(' '));
            this.process = ProcessHandle.of(Long.parseLong(hello.substring(hello.indexOf(' ') + 1)))
                    .orElseThrow();
        }

        String name() {
            return name;
        }

        ProcessHandle process() {
            return process;
        }

        /** Whether its death is none in early age: several of those in a row count as a crash loop. */
        boolean grown() {
            return System.nanoTime() - born > EARLY_NANOS;
        }

        /** Whether its process has ended and all its marks are in the ledger. */
        boolean gone() {
            return gone;
        }

        /** Does nothing where it has died meanwhile. */
        void command(String command) {
            try {
                channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            } catch (IOException died) {
                gone = true;
            }
        }

        /** Waits until it has done what it was told, and all that it has said so far is in the ledger. */
        void sync() {
            int before = synced.get();
            command("SYNC");
            Soon.until(() -> synced.get() > before || gone);
        }

        void behave(Behaviour behaviour, double share, boolean heartbeats, long seed) {
            command(Script.command(behaviour, share, heartbeats, seed));
        }

        private void listen(DataInputStream marks) throws IOException {
            byte[] mark = new byte[MARK_BYTES];
            while (marks.readNBytes(mark, 0, MARK_BYTES) == MARK_BYTES) {
                Mark what = Mark.of(mark[0]);
                switch (what) {
                    case SYNC -> synced.incrementAndGet();
                    case MALFORMED -> malformed.add(name);
                    default -> ledger.add(ByteBuffer.wrap(mark).getInt(1), what);
                }
            }
        }
    }

    /** The command of a replica, for the provider of local processes or for a test that starts one itself. */
    List<String> command(String host, String name) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-cp",
                Path.of(ScriptedReplica.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                ScriptedReplica.class.getName(),
                host,
                socket.toString(),
                name);
    }

    /** Replicas that run now, by name: the same order in each run. */
    List<Remote> live() {
        return live.stream().sorted(Comparator.comparing(Remote::name)).toList();
    }

    /** Names of the replicas that got what was no request, once for each time. */
    Queue<String> malformed() {
        return malformed;
    }

    /** Waits until all that the replicas have said so far is in the ledger. */
    void settle() {
        live().forEach(Remote::sync);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofPlatform().daemon().start(() -> follow(channel));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void follow(SocketChannel channel) {
        try (DataInputStream marks = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)))) {
            StringBuilder hello = new StringBuilder();
            for (int c = marks.read(); c != '\n'; c = marks.read()) {
                hello.append((char) c);
            }
            Remote remote = new Remote(channel, hello.toString());
            live.add(remote);
            try {
                remote.listen(marks);
            } finally {
                live.remove(remote);
                windows.add(System.nanoTime(), false);
                remote.gone = true;
            }
        } catch (IOException died) {
            // So it is gone, which is all that there is to say.
        }
    }

    /** Ends every replica that is left: they stop with their control connection. */
    @Override
    public void close() throws IOException {
        server.close();
        for (Remote remote : live()) {
            remote.channel.close();
        }
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }
}
