package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final int port = Templates.freePort();
    private final List<String> settings;

    Ringmaster(List<Integer> origins, String transport, int loops) throws IOException {
        String addresses = origins.stream().map(origin -> "127.0.0.1:" + origin).collect(Collectors.joining(","));
        this.settings = List.of(
                "provider=fixed",
                "provider-fixed.addresses=" + addresses,
                "port=" + port,
                "admin.port=" + Templates.freePort(),
                "threads=" + loops,
                "transport=" + transport);
    }

    int port() {
        return port;
    }

    List<String> command() {
        return program("serve");
    }

    private List<String> program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM));
        command.addAll(List.of(arguments));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return command;
    }

    static String version() throws IOException, InterruptedException {
        return Contestants.output(PROGRAM, "--version") + ", Java " + System.getProperty("java.vm.version");
    }

    /**
     * What is in effect and is not so in the distribution's configuration file, key by key. Throws
     * {@link IOException} if more differs than may.
     */
    Map<String, String> differences() throws IOException, InterruptedException {
        Map<String, String> shipped = effective(List.of(
                PROGRAM,
                "check",
                "--print",
                "--config",
                HOME.resolve("conf/ringmaster.yaml").toString()));
        Map<String, String> differences = new TreeMap<>(effective(program("check", "--print")));
        differences.entrySet().removeIf(setting -> setting.getValue().equals(shipped.get(setting.getKey())));
        if (!MAY_DIFFER.containsAll(differences.keySet())) {
            throw new IOException("measured is what is shipped, but this differs: " + differences);
        }
        return differences;
    }

    private static Map<String, String> effective(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("RINGMASTER_"));
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
