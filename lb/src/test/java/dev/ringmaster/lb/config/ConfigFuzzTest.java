package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the sources hold: a configuration or a {@link ConfigException}, never anything else. */
final class ConfigFuzzTest {
    private static final List<String> SCRAPS = List.of(
            ":",
            ": ",
            "\n",
            "\n  ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "'",
            "\"",
            "&a ",
            "*a",
            "!!int ",
            "? ",
            "---\n",
            "|\n",
            ">",
            "#",
            "\t",
            "%YAML 1.1\n",
            "<<",
            "=",
            "0x1F",
            "1_000",
            ".inf",
            "~",
            "null",
            "true",
            "5s",
            "64KiB",
            "\u0000",
            "\u2028",
            "\ud83d\ude00",
            "..",
            "header:X",
            "random",
            "10.0.0.0/8",
            "::1",
            "a:1",
            "9999999999999999999");

    @TempDir
    private Path directory;

    @Test
    void garbage_inEverySource_throwsNothingElse() throws Exception {
        long seed = 20_260_101;
        SplittableRandom random = new SplittableRandom(seed);
        int wrong = 0;
        for (int round = 0; round < 1_000; round++) {
            Path file = directory.resolve("c.yaml");
            Files.write(file, bytes(random));
            Map<String, String> environment = new HashMap<>();
            List<String> settings = new ArrayList<>();
            for (ConfigKey key : ConfigKeys.all()) {
                if (random.nextInt(20) == 0) {
                    environment.put(key.environmentName(), scraps(random, 4));
                }
                if (random.nextInt(20) == 0) {
                    settings.add(key.name() + "=" + scraps(random, 4));
                }
            }
            try {
                ConfigReader.read(new ConfigSources(file, environment, settings));
            } catch (ConfigException e) {
                wrong++;
                assertThat(e.problems()).isNotEmpty();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
        assertThat(wrong).isGreaterThan(600);
    }

    @Test
    void file_nestedWithoutEnd_throwsNothingElse() throws Exception {
        for (String yaml : List.of("{a: ".repeat(5_000), "[".repeat(5_000), "a: [".repeat(3_000), "? ".repeat(5_000))) {
            Path file = Files.writeString(directory.resolve("deep.yaml"), yaml);
            try {
                ConfigReader.read(new ConfigSources(file, Map.of(), List.of()));
                throw new AssertionError("accepted " + yaml.substring(0, 20));
            } catch (ConfigException e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    @Test
    void values_ofGreatLength_throwNothingElseAndAreNotRepeated() {
        for (ConfigKey key : ConfigKeys.all()) {
            for (String scrap : List.of("a", "1", ",", "'", "'' ", "a:1,", "random,", "\u0000")) {
                List<String> settings = List.of(key.name() + "=" + scrap.repeat(20_000));
                try {
                    ConfigReader.read(new ConfigSources(null, Map.of(), settings));
                } catch (ConfigException e) {
                    assertThat(e.problems())
                            .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(400));
                }
            }
        }
    }

    private static byte[] bytes(SplittableRandom random) {
        StringBuilder yaml = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            List<ConfigKey> keys = ConfigKeys.all();
            if (random.nextInt(3) > 0) {
                yaml.append(keys.get(random.nextInt(keys.size())).name()).append(": ");
            }
            yaml.append(scraps(random, 5)).append('\n');
        }
        byte[] bytes = yaml.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String scraps(SplittableRandom random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(SCRAPS.get(random.nextInt(SCRAPS.size())));
        }
        return text.toString();
    }
}
