package dev.ringmaster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a virtual machine of its own, which is gone for sure when this is closed. */
final class ServerProcess implements AutoCloseable {
    private static final String PORT_LINE = "ringmaster-port ";

    private final Process process;
    private final BufferedReader output;

    private ServerProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts the program from this test's own class path. */
    static ServerProcess start(Map<String, String> environment, String... arguments) throws IOException {
        return start(environment, java(arguments));
    }

    static ServerProcess start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("SERVER_") || name.endsWith("_OPTIONS"));
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start());
    }

    /** The command line of {@code java} with the program. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                ServerMain.class.getName()));
        Collections.addAll(command, arguments);
        return command;
    }

    /** Waits for the line that tells the port. */
    int port() throws IOException {
        String line = output.readLine();
        assertThat(line).as("the first line").startsWith(PORT_LINE);
        return Integer.parseInt(line, PORT_LINE.length(), line.length(), 10);
    }

    long id() {
        return process.pid();
    }

    /** Sends SIGTERM. ({@code Process.destroy} would close the pipes, too.) */
    void terminate() {
        process.toHandle().destroy();
    }

    void closeStdin() throws IOException {
        process.getOutputStream().close();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("it has ended").isTrue();
        return process.exitValue();
    }

    /** What is still to come on standard output, to its end. */
    String restOfOutput() throws IOException {
        return output.readAllAsString();
    }

    String errors() throws IOException {
        return process.errorReader(StandardCharsets.UTF_8).readAllAsString();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
