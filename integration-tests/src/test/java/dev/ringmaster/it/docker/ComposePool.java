package dev.ringmaster.it.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.it.harness.Patience;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The compose file, as a user starts it, under an own name and on own ports, so that it meets nobody else's. */
public final class ComposePool extends ContainerPool {
    private static final Path ROOT =
            Path.of(System.getProperty("ringmaster.dist")).resolve("../../..").normalize();

    private final String files;
    private final Path settings;
    private int port;

    /**
     * Brings it up.
     *
     * @param environment settings of the balancer, as environment variables, beside the file's own
     * @param overlays further compose files
     */
    public ComposePool(Map<String, String> environment, String... overlays) throws IOException {
        files = "docker-compose.yml:"
                + Stream.of(overlays).map(file -> file + ":").collect(Collectors.joining());
        // Two neighbours, below the range that connections take theirs from.
        do {
            port = 20_000 + new Random().nextInt(10_000);
        } while (!free(port) || !free(port + 1));
        settings = Files.createTempFile("compose", ".yml");
        String lines = environment.entrySet().stream()
                .map(entry -> "%s: '%s'".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
        Files.writeString(settings, "version: '3.7'\nservices: {lb: {environment: {" + lines + "}}}\n");
        up("--build");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /** Brings it up, or up again. */
    void up(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("docker-compose", "up", "-d"));
        command.addAll(List.of(options));
        run(command);
        await().atMost(Patience.LIMIT).ignoreExceptions().until(() -> !names().isEmpty());
    }

    /** Runs a command that finds this stack by its environment. */
    void run(List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "COMPOSE_PROJECT_NAME",
                        name,
                        "COMPOSE_FILE",
                        files + settings,
                        "PORT",
                        "" + port,
                        "ADMIN_PORT",
                        "" + (port + 1),
                        "POOL",
                        name,
                        "NETWORK",
                        name));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Docker.exitCode(process)).as("%s: %s", command, output).isZero();
    }

    @Override
    int port() {
        return port;
    }

    @Override
    int adminPort() {
        return port + 1;
    }

    String balancerContainer() {
        return container("lb");
    }

    String container(String service) {
        return name + "_" + service + "_1";
    }

    void assertNothingIsLeft() throws IOException {
        assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.ringmaster.pool=" + name))
                .isEmpty();
        assertThat(Docker.run("ps", "-aq", "--filter", "label=dev.ringmaster.owned-pool=" + name))
                .isEmpty();
        assertThat(Docker.run("network", "ls", "-q", "--filter", "name=" + name))
                .isEmpty();
    }

    @Override
    public void close() throws IOException {
        run(List.of("docker-compose", "down", "-v"));
        Files.delete(settings);
    }
}
