package dev.ringmaster.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Ours: the built distribution with its defaults; only ports, addresses and the number of loops are set. */
final class Ringmaster {
    private static final Path HOME = Path.of("lb/target/dist").toAbsolutePath();
    private static final String PROGRAM = HOME.resolve("bin/ringmaster").toString();
    /** Ports, addresses, loops, and the transport that the section's title names: nothing else may differ. */
    private static final Set<String> MAY_DIFFER =
            Set.of("port", "admin.port", "provider", "provider-fixed.addresses", "threads", "transport");

    private static final String ADMIN_PORT = "admin.port=";

    private final int port = Templates.freePort();
    private final List<String> settings;

    Ringmaster(List<Integer> origins, String transport, int loops) throws IOException {
        String addresses = origins.stream().map(origin -> "127.0.0.1:" + origin).collect(Collectors.joining(","));
        this.settings = List.of(
                "provider=fixed",
                "provider-fixed.addresses=" + addresses,
                "port=" + port,
                ADMIN_PORT + Templates.freePort(),
                "threads=" + loops,
                "transport=" + transport);
    }

    int port() {
        return port;
    }

    List<String> command() {
        List<String> command = new ArrayList<>(List.of(PROGRAM, "serve"));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    static String version() throws IOException, InterruptedException {
        return Contestants.output(PROGRAM, "--version") + ", Java " + System.getProperty("java.vm.version");
    }

    /**
     * What is in effect in one that runs and is not so in the distribution's configuration file, key by key. Throws
     * {@link IOException} if more differs than may.
     */
    static Map<String, String> differences(Contestant ours) throws IOException, InterruptedException {
        Map<String, String> shipped = shipped();
        Map<String, String> differences = new TreeMap<>(effective(ours));
        differences.entrySet().removeIf(setting -> setting.getValue().equals(shipped.get(setting.getKey())));
        if (!MAY_DIFFER.containsAll(differences.keySet())) {
            throw new IOException("measured is what is shipped, but this differs: " + differences);
        }
        return differences;
    }

    /** The flags of the JVM that runs, as the kernel knows them. */
    static String flags(ServerProcess ours) throws IOException {
        String[] words =
                Files.readString(Path.of("/proc/" + ours.id() + "/cmdline")).split("\0", -1);
        return Arrays.stream(words)
                .skip(1)
                .takeWhile(word -> !word.equals("-cp"))
                .map(word -> word.replace(HOME.toString(), "dist"))
                .collect(Collectors.joining(" "));
    }

    private static Map<String, String> effective(Contestant ours) throws IOException {
        String port = ours.command().stream()
                .filter(word -> word.startsWith(ADMIN_PORT))
                .findFirst()
                .orElseThrow()
                .substring(ADMIN_PORT.length());
        Map<String, String> settings = new TreeMap<>();
        URI address = URI.create("http://127.0.0.1:" + port + "/api/v1/config");
        try (InputStream answer = address.toURL().openStream()) {
            JsonNode all = new ObjectMapper().readTree(answer).get("message");
            all.properties()
                    .forEach(setting ->
                            settings.put(setting.getKey(), setting.getValue().textValue()));
        }
        return settings;
    }

    private static Map<String, String> shipped() throws IOException, InterruptedException {
        String file = HOME.resolve("conf/ringmaster.yaml").toString();
        ProcessBuilder builder =
                new ProcessBuilder(PROGRAM, "check", "--print", "--config", file).redirectErrorStream(true);
        ServerProcess.clear(builder);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        return output.lines()
                .map(line -> line.split(":", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1].strip()));
    }
}
