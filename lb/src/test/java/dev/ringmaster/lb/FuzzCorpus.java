package dev.ringmaster.lb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Inputs that are kept for a fuzz target, one a file under {@code src/test/fuzz}: seeds, and what was once a finding. */
public final class FuzzCorpus {
    private FuzzCorpus() {}

    /** One test for each input. */
    public static List<DynamicTest> of(Class<?> target, Consumer<byte[]> fuzz) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz", target.getSimpleName()))) {
            return files.sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            "" + file.getFileName(), () -> fuzz.accept(Files.readAllBytes(file))))
                    .toList();
        }
    }
}
