package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the configuration of everybody who takes part; the templates are resources of this module. */
final class Contestants {
    private final Path directory;
    private final String table;
    private final int workers;
    private final Map<String, String> origins = new HashMap<>();

    /**
     * Takes free ports for the origin.
     *
     * @param directory for configurations and logs
     * @param table "bare" or "full"
     * @param workers event loops, threads or worker processes of each
     */
    Contestants(Path directory, String table, int workers) throws IOException {
        this.directory = directory;
        this.table = table;
        this.workers = workers;
        for (int i = 1; i <= 3; i++) {
            origins.put("origin" + i, String.valueOf(freePort()));
        }
    }

    /** The origin that all of them forward to. */
    Contestant origin() throws IOException, InterruptedException {
        Files.write(directory.resolve("mebibyte"), new byte[1 << 20]);
        Path file = configuration("origin.conf", Map.of());
        return new Contestant("origin", nginxVersion(), nginx(file), Integer.parseInt(origins.get("origin1")));
    }

    /** Ours: the built distribution with its defaults; only ports, addresses and the number of loops are set. */
    Contestant ringmaster(String name, String transport) throws IOException {
        int port = freePort();
        String addresses = "127.0.0.1:%s,127.0.0.1:%s,127.0.0.1:%s"
                .formatted(origins.get("origin1"), origins.get("origin2"), origins.get("origin3"));
        List<String> command = new ArrayList<>(List.of(
                Path.of("lb/target/dist/bin/ringmaster").toAbsolutePath().toString()));
        command.add("serve");
        for (String setting : List.of(
                "provider=fixed",
                "provider-fixed.addresses=" + addresses,
                "port=" + port,
                "admin.port=" + freePort(),
                "threads=" + workers,
                "transport=" + transport)) {
            command.addAll(List.of("--set", setting));
        }
        return new Contestant(name, "transport=" + transport, command, port);
    }

    Contestant nginx() throws IOException, InterruptedException {
        int port = freePort();
        Path file = configuration("nginx-" + table + ".conf", Map.of("port", String.valueOf(port)));
        return new Contestant("nginx", nginxVersion(), nginx(file), port);
    }

    /** HAProxy with one of its ways to share upstream connections: "safe" (its default) or "always". */
    Contestant haproxy(String reuse) throws IOException, InterruptedException {
        int port = freePort();
        Path file = configuration(
                "haproxy-" + table + ".cfg",
                Map.of("port", String.valueOf(port), "metrics", String.valueOf(freePort()), "reuse", reuse));
        return new Contestant(
                "HAProxy " + reuse, firstLine("haproxy", "-v"), List.of("haproxy", "-f", file.toString()), port);
    }

    private static List<String> nginx(Path file) {
        return List.of("nginx", "-c", file.toString());
    }

    private static String nginxVersion() throws IOException, InterruptedException {
        return firstLine("nginx", "-v");
    }

    private static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().findFirst().orElse("");
    }

    private Path configuration(String template, Map<String, String> own) throws IOException {
        try (InputStream resource = Contestants.class.getResourceAsStream("/compare/" + template)) {
            if (resource == null) {
                throw new IOException("no configuration " + template);
            }
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> values = new HashMap<>(origins);
            values.putAll(own);
            values.put("directory", directory.toString());
            values.put("workers", String.valueOf(workers));
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("{" + value.getKey() + "}", value.getValue());
            }
            return Files.writeString(directory.resolve(own.getOrDefault("reuse", "") + template), text);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
