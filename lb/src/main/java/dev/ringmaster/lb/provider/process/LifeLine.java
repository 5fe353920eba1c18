package dev.ringmaster.lb.provider.process;

import dev.ringmaster.lb.provider.ProviderException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The standard input of every local replica: a FIFO that the balancer keeps open for writing and nobody writes to. When
 * the balancer is gone, however it died, its replicas read end of file and end, too.
 *
 * <p>Each balancer makes the FIFO anew. A replica that was frozen when its balancer died would otherwise find the next
 * balancer at the other end when it thaws, and live on for ever, known to nobody.
 */
final class LifeLine implements AutoCloseable {
    private final Path path;
    private @Nullable RandomAccessFile held;
    private boolean closed;

    LifeLine(Path path) {
        this.path = path;
    }

    /** Starts a process that hangs on this line. */
    synchronized Process start(ProcessBuilder builder) throws IOException, ProviderException, InterruptedException {
        if (closed) {
            // Nobody holds the line any more, so that opening it for reading would never return.
            throw new ProviderException("the balancer is stopping");
        }
        if (held == null) {
            held = make();
        }
        return builder.redirectInput(path.toFile()).start();
    }

    private RandomAccessFile make() throws ProviderException, InterruptedException {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.deleteIfExists(path);
            Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(mkfifo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (mkfifo.waitFor() != 0) {
                throw new IOException(output.strip());
            }
            // Opened for reading and writing: opening it for writing alone would wait for a reader.
            return new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException failed) {
            throw new ProviderException("cannot create " + path + ": " + failed.getMessage(), failed);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (held != null) {
            held.close();
        }
    }
}
