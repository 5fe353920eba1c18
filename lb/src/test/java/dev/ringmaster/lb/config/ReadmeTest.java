package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table of keys is the code's. {@code make readme} writes it anew. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final String START = "<!-- keys: made by `make readme` -->\n";
    private static final String END = "<!-- /keys -->";

    @Test
    void table_ofKeys_isWhatTheCodeKnows() throws IOException {
        String readme = Files.readString(README);
        int from = readme.indexOf(START) + START.length();
        int to = readme.indexOf(END);
        if (Boolean.getBoolean("readme.write")) {
            Files.writeString(README, readme.substring(0, from) + ConfigKeys.markdownTable() + readme.substring(to));
        } else {
            assertThat(readme.substring(from, to)).as("run `make readme`").isEqualTo(ConfigKeys.markdownTable());
        }
    }
}
