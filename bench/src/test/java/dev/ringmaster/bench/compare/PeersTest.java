package dev.ringmaster.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final Path PROGRAM = Path.of("../lb/src/main/dist/bin/ringmaster");

    /** Those that the program always gives to a balancer, whatever is installed beside it. */
    private static List<String> shipped() throws IOException {
        return Files.readAllLines(PROGRAM).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("flags=\"") && !line.contains("AOTCache"))
                .map(line -> line.substring("flags=\"".length(), line.length() - 1))
                .flatMap(flags -> Arrays.stream(flags.split(" ", -1)))
                .filter(flag -> !flag.equals("$flags"))
                .toList();
    }

    @Test
    void flags_ofJavaRivals_areThoseThatOursIsShippedWith() throws Exception {
        assertThat(shipped()).contains("-XX:+UseSerialGC").containsExactlyInAnyOrderElementsOf(Peers.FLAGS);
    }
}
