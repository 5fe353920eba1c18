package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/ringmaster} gives to Java, in a distribution under a path with a blank. */
@Timeout(180)
final class LauncherTest {
    private static final Path SCRIPT = Path.of("src/main/dist/bin/ringmaster");

    private static final Path SERVER_SCRIPT = Path.of("../server/src/main/dist/bin/ringmaster-server");

    @TempDir
    Path directory;

    private Path home;
    private Path script;

    @BeforeEach
    void assemble() throws IOException {
        home = directory.toRealPath().resolve("with space");
        Files.createDirectories(home.resolve("lib"));
        Files.createDirectories(home.resolve("native"));
        Files.createFile(home.resolve("lib/some.jar"));
        Path bin = Files.createDirectories(home.resolve("bin"));
        script = Files.copy(SCRIPT, bin.resolve("ringmaster"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void files_underAPathWithABlank_areOneArgumentEach() throws Exception {
        Path cache = Files.createFile(home.resolve("lib/lb.aot"));

        assertThat(arguments(java("25.0.3"), Map.of("RINGMASTER_JAVA_OPTS", "-Xmx1g -Dx=y"), "serve", "--set", "a=b c"))
                .contains(
                        "-XX:AOTCache=" + cache,
                        "-Djava.library.path=" + home.resolve("native"),
                        "-Dringmaster.home=" + home)
                .endsWith(
                        "-Xmx1g",
                        "-Dx=y",
                        "-cp",
                        home.resolve("lib/some.jar").toString(),
                        "dev.ringmaster.lb.Ringmaster",
                        "serve",
                        "--set",
                        "a=b c");
    }

    @Test
    void cache_olderThanAJar_isPassedOver() throws Exception {
        Path cache = Files.createFile(home.resolve("lib/lb.aot"));
        Files.setLastModifiedTime(cache, FileTime.from(Instant.EPOCH));

        assertThat(arguments(java("25.0.3"), Map.of(), "serve")).noneMatch(word -> word.contains("AOT"));
    }

    @Test
    void cacheToBeMade_underAPathWithABlank_isOneArgument() throws Exception {
        String cache = home.resolve("lib/lb.aot").toString();

        assertThat(arguments(java("25.0.3"), Map.of("RINGMASTER_TRAINING", cache), "serve"))
                .contains("-XX:AOTCacheOutput=" + cache);
    }

    /** What the balancer runs on, its replicas must find, too: they get its environment. */
    @Test
    void searchForJava_isTheSameAsTheServers() throws IOException {
        assertThat(search(SCRIPT)).contains("-ge 25").isEqualTo(search(SERVER_SCRIPT));
    }

    private static String search(Path path) throws IOException {
        String text = Files.readString(path);
        return text.substring(text.indexOf("is_new_enough() {"), text.indexOf("    fail 'Java 25"));
    }

    private List<String> arguments(Path java, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("RINGMASTER_"));
        builder.environment().put("JAVA_HOME", java.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            return process.inputReader(StandardCharsets.UTF_8)
                    .readAllAsString()
                    .lines()
                    .toList();
        } finally {
            process.destroyForcibly();
        }
    }

    /** The home of a Java that only prints its arguments. */
    private Path java(String version) throws IOException {
        Path java = directory.resolve("java " + version);
        Path program = Files.createDirectories(java.resolve("bin")).resolve("java");
        Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(java.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return java;
    }
}
