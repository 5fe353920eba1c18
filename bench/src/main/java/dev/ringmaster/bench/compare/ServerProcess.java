package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that was started for the comparison, kept to some processors. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final int port;
    private final Path log;

    private ServerProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts a command, and does not wait until it serves.
     *
     * @param processors such as "1" or "0-1"
     * @param log where its output goes
     */
    static ServerProcess launch(Contestant contestant, String processors, Path log) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", processors));
        pinned.addAll(contestant.command());
        ProcessBuilder builder =
                new ProcessBuilder(pinned).redirectErrorStream(true).redirectOutput(log.toFile());
        clear(builder);
        Process process = builder.start();
        // For an interrupted comparison: nginx hides the mark by which leftovers are found.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return new ServerProcess(process, contestant.port(), log);
    }

    /** Has a process run on this one's Java, and none of the shell's settings take part. */
    static void clear(ProcessBuilder builder) {
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("RINGMASTER_") || name.matches("J(AVA_TOOL|DK_JAVA)_OPTIONS"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    }

    /** As {@link #launch}, but returns once it accepts connections. */
    static ServerProcess start(Contestant contestant, String processors, Path log)
            throws IOException, InterruptedException {
        ServerProcess server = launch(contestant, processors, log);
        long deadline = System.nanoTime() + START.toNanos();
        while (!server.accepts()) {
            if (!server.process.isAlive() || System.nanoTime() - deadline > 0) {
                server.close();
                throw new IOException(contestant.name() + " does not serve: " + server.output());
            }
            Thread.sleep(Duration.ofMillis(20));
        }
        return server;
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written so far. */
    String output() throws IOException {
        return Files.readString(log);
    }

    /** The process that was started. */
    long id() {
        return process.pid();
    }

    /** It and its workers. */
    List<Long> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        workers.forEach(ProcessHandle::destroyForcibly);
    }
}
