package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The standard input of every local replica: a FIFO that each balancer holding the pool keeps open for writing and nobody
 * writes to. When the last holder is gone, however it died, replicas read end of file and end, too.
 */
final class LifeLine implements AutoCloseable {
    private final Path path;
    private @Nullable RandomAccessFile held;

    LifeLine(Path path) {
        this.path = path;
    }

    /** Makes the FIFO if there is none and holds it. */
    synchronized void hold() throws ProviderException, InterruptedException {
        if (held != null) {
            return;
        }
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            if (!Files.exists(path)) {
                make();
            }
            // Opened for reading and writing: opening it for writing alone would wait for a reader.
            held = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException failed) {
            throw new ProviderException("cannot create " + path + ": " + failed.getMessage(), failed);
        }
    }

    private void make() throws IOException, InterruptedException {
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(mkfifo.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (mkfifo.waitFor() != 0 && !Files.exists(path)) {
            throw new IOException(output.strip());
        }
    }

    File file() {
        return path.toFile();
    }

    @Override
    public synchronized void close() {
        try {
            if (held != null) {
                held.close();
            }
        } catch (IOException unlikely) {
            throw new java.io.UncheckedIOException(unlikely);
        }
    }
}
