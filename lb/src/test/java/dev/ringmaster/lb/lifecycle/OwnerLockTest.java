package dev.ringmaster.lb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerLockTest {
    @TempDir
    Path directory;

    /** Holds the lock until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            try (OwnerLock lock = OwnerLock.take(Path.of(args[0]), "pool")) {
                System.out.println("held " + (lock != null));
                System.in.read();
            }
        }
    }

    @Test
    void lock_heldInThisProcess_isRefusedUntilItIsClosed() throws IOException {
        Path state = directory.resolve("made/if/missing");
        try (OwnerLock first = OwnerLock.take(state, "pool");
                OwnerLock other = OwnerLock.take(state, "another-pool")) {
            assertThat(first).isNotSameAs(other);
            assertThatThrownBy(() -> OwnerLock.take(state, "pool"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("pool 'pool' is owned by another balancer");
        }
        OwnerLock.take(state, "pool").close();
    }

    @Test
    void lock_heldByAnotherProcess_isRefusedUntilThatOneIsKilled() throws Exception {
        Process holder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held true");
            assertThatThrownBy(() -> OwnerLock.take(directory, "pool"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("owned by another balancer");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        OwnerLock.take(directory, "pool").close();
    }

    @Test
    void lock_inADirectoryThatCannotBe_saysSo() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> OwnerLock.take(file.resolve("state"), "pool"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot use state directory");
    }
}
