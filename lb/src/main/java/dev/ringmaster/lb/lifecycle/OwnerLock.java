package dev.ringmaster.lb.lifecycle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to manage a pool: a lock on a file in the state directory, which the system frees however its holder dies. */
public final class OwnerLock implements AutoCloseable {
    private final FileChannel channel;

    private OwnerLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of a pool.
     *
     * @throws IOException with one clear line if another balancer holds it, or if the directory cannot be used
     */
    public static OwnerLock take(Path stateDir, String pool) throws IOException {
        FileChannel channel;
        try {
            Files.createDirectories(stateDir);
            channel = FileChannel.open(
                    stateDir.resolve(pool + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException unusable) {
            throw new IOException("cannot use state directory " + stateDir + ": " + unusable, unusable);
        }
        if (lock(channel) == null) {
            channel.close();
            throw new IOException(
                    "pool '" + pool + "' is owned by another balancer (state directory " + stateDir + ")");
        }
        return new OwnerLock(channel);
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
