package dev.ringmaster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, in a distribution made for the test. */
@Timeout(180)
final class LauncherTest {
    private static final Path SCRIPT = Path.of("src/main/dist/bin/ringmaster-server");
    private static final Map<String, String> ANY_PORT = Map.of("SERVER_PORT", "0", "SERVER_BIND", "127.0.0.1");

    @TempDir
    Path directory;

    private Path script;
    private Path lib;

    @BeforeEach
    void assemble() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("with space/bin"));
        lib = Files.createDirectories(directory.resolve("with space/lib"));
        script = Files.copy(SCRIPT, bin.resolve("ringmaster-server"));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (jar.getFileName().toString().startsWith("netty-")) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        // a directory is as good as a jar on a class path
        Files.createSymbolicLink(
                lib.resolve("ringmaster-server-0.jar"),
                Path.of("target/classes").toAbsolutePath());
    }

    @Test
    void start_throughALinkFromElsewhere_becomesTheServer() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), script);

        try (ServerProcess server = ServerProcess.start(ANY_PORT, List.of(link.toString(), "--id", "a b"));
                RawClient client = new RawClient(server.port())) {
            assertThat(client.get("/home").body()).contains("Hello from Server: a b\"");
            assertThat(ProcessHandle.of(server.id())
                            .orElseThrow()
                            .info()
                            .command()
                            .orElseThrow())
                    .endsWith("/java");

            server.terminate();

            assertThat(server.exitCode()).isZero();
            assertThat(server.errors()).isEmpty();
        }
    }

    @Test
    void files_underAPathWithABlank_areOneArgumentEach() throws Exception {
        Path cache = Files.createFile(lib.resolve("server.aot"));
        Map<String, String> environment = Map.of("JAVA_HOME", java("25.0.3").toString());

        assertThat(arguments(environment)).contains("-XX:AOTCache=" + cache);
        assertThat(arguments(Map.of("JAVA_HOME", java("25.0.3").toString(), "RINGMASTER_TRAINING", "a b/c.aot")))
                .contains("-XX:AOTCacheOutput=a b/c.aot")
                .endsWith(ServerMain.class.getName(), "--id", "x y");
    }

    @Test
    void cache_olderThanAJar_isPassedOver() throws Exception {
        Files.setLastModifiedTime(Files.createFile(lib.resolve("server.aot")), FileTime.from(Instant.EPOCH));

        assertThat(arguments(Map.of("JAVA_HOME", java("25.0.3").toString()))).noneMatch(word -> word.contains("AOT"));
    }

    @Test
    void cache_thatDoesNotFit_isPassedOverInSilence() throws Exception {
        Files.writeString(lib.resolve("server.aot"), "made by another Java");

        try (ServerProcess server = ServerProcess.start(ANY_PORT, List.of(script.toString()))) {
            server.port();
            server.terminate();

            assertThat(server.exitCode()).isZero();
            assertThat(server.errors()).isEmpty();
        }
    }

    private List<String> arguments(Map<String, String> environment) throws IOException {
        List<String> command = List.of(script.toString(), "--id", "x y");
        try (ServerProcess fake = ServerProcess.start(environment, command)) {
            return fake.restOfOutput().lines().toList();
        }
    }

    /** The home of a Java that only prints its arguments. */
    private Path java(String version) throws IOException {
        Path home = directory.resolve("java " + version);
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    @Test
    void javaHome_ofAnOlderVersion_isPassedOver() throws Exception {
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                java("17.0.15").toString(),
                "PATH",
                System.getProperty("java.home") + "/bin:/usr/bin:/bin");

        try (ServerProcess server = ServerProcess.start(environment, List.of(script.toString(), "--port=x"))) {
            assertThat(server.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void javaHome_ofANewerVersion_isTaken() throws Exception {
        Map<String, String> environment = Map.of("JAVA_HOME", java("26-ea").toString());

        assertThat(arguments(environment)).contains(ServerMain.class.getName());
    }

    @Test
    void lib_withoutTheServer_isReportedInOneLine() throws Exception {
        Files.delete(lib.resolve("ringmaster-server-0.jar"));

        try (ServerProcess server = ServerProcess.start(ANY_PORT, List.of(script.toString()))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors()).matches("ringmaster-server: .*/lib holds no ringmaster-server jar\n");
        }
    }

    @Test
    void lib_withoutNetty_isReportedInOneLine() throws Exception {
        Files.delete(lib.resolve(nettyCommon()));

        try (ServerProcess server = ServerProcess.start(ANY_PORT, List.of(script.toString()))) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.errors()).matches("ringmaster-server: .*/lib holds no netty-common jar\n");
        }
    }

    private String nettyCommon() throws IOException {
        Pattern name = Pattern.compile("netty-common-[0-9].*");
        try (var files = Files.list(lib)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name.asMatchPredicate())
                    .findFirst()
                    .orElseThrow();
        }
    }
}
