package dev.ringmaster.lb.lifecycle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small text that outlives the process. A seam: a simulation fails and crashes where a disk rarely does. */
interface StateFile {
    /** The text as it was last replaced; empty if it never was. */
    Optional<String> read() throws IOException;

    /** Replaces the text, whole or not at all; on disk when it returns, one or the other when it throws. */
    void replace(String text) throws IOException;

    /** Puts a text that cannot be understood beside, for people to look at. */
    void setAside() throws IOException;

    /** A real file: written beside itself, then renamed, with both its bytes and its directory entry on disk. */
    static StateFile at(Path path) {
        return new OnDisk(path);
    }

    /** What {@link #at} returns. */
    record OnDisk(Path path) implements StateFile {
        @Override
        public Optional<String> read() throws IOException {
            try {
                // Bytes that are no UTF-8 must make an unreadable text, not an unreadable disk.
                return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
            } catch (NoSuchFileException none) {
                return Optional.empty();
            }
        }

        @Override
        public void setAside() throws IOException {
            Files.move(
                    path, path.resolveSibling(path.getFileName() + ".unreadable"), StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void replace(String text) throws IOException {
            Path next = path.resolveSibling(path.getFileName() + ".next");
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
