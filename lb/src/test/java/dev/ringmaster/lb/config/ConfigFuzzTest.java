package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.FuzzCorpus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
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

    /** Bytes as the file, and after a NUL each as a variable of the environment or a setting of the command line. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> parts = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\0", -1));
        Map<String, String> environment = new HashMap<>();
        List<String> settings = new ArrayList<>();
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            if (part.startsWith("RINGMASTER_") && equals > 0) {
                environment.put(part.substring(0, equals), part.substring(equals + 1));
            } else {
                settings.add(part);
            }
        }
        Path file = FuzzedFile.of(parts.getFirst().getBytes(StandardCharsets.ISO_8859_1));
        ConfigSources sources = new ConfigSources(file, environment, settings);
        try {
            LoadBalancerConfig config = ConfigReader.read(sources);
            isWhatItShows(config, ConfigReader.effective(sources));
        } catch (ConfigException e) {
            boolean named = parts.toString().contains("Exception");
            assertThat(e.problems()).isNotEmpty().allMatch(problem -> isOneLine(problem, named));
        }
    }

    private static boolean isOneLine(String problem, boolean mayNameException) {
        return problem.length() < 600
                && problem.chars().noneMatch(Character::isISOControl)
                && (mayNameException || !problem.contains("Exception"));
    }

    /** What is shown of a configuration gives the same one again. */
    private static void isWhatItShows(LoadBalancerConfig config, SortedMap<String, String> shown)
            throws ConfigException {
        if (!shown.containsValue("***")) {
            List<String> settings = shown.entrySet().stream()
                    .filter(entry -> !entry.getValue().isEmpty())
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
            assertThat(ConfigReader.read(new ConfigSources(null, Map.of(), settings)))
                    .isEqualTo(config);
        }
    }

    /** Through a channel that stays open: to open a file anew takes longer than all the rest. */
    private static final class FuzzedFile {
        private static final Path PATH = Path.of("target", "fuzzed.yaml").toAbsolutePath();
        private static final FileChannel CHANNEL = open();

        private static FileChannel open() {
            try {
                return FileChannel.open(PATH, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static Path of(byte[] bytes) {
            try {
                CHANNEL.write(ByteBuffer.wrap(bytes), 0);
                CHANNEL.truncate(bytes.length);
                return PATH;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @TestFactory
    List<DynamicTest> corpus() throws IOException {
        return FuzzCorpus.of(ConfigFuzzTest.class, ConfigFuzzTest::fuzzerTestOneInput);
    }

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
