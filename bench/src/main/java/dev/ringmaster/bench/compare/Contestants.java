package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Everybody who may take part: how each is configured and started. */
final class Contestants {
    static final String OURS = "Ringmaster";

    private static final ImmutableList<String> NATIVE =
            ImmutableList.of("haproxy-safe", "haproxy-always", "nginx", "caddy");
    private static final String NGINX = "nginx";

    private final Templates templates;
    private final String table;
    private final int workers;

    /** @param table "bare" or "full" */
    Contestants(Templates templates, String table, int workers) {
        this.templates = templates;
        this.table = table;
        this.workers = workers;
    }

    /** The names of all rivals. */
    static List<String> rivals() {
        return Stream.concat(NATIVE.stream(), Peers.names().stream()).toList();
    }

    /** The origin that all of them forward to. */
    Contestant origin() throws IOException, InterruptedException {
        String file = templates.write("origin.conf", "origin.conf", Map.of());
        return new Contestant(
                "origin",
                output(NGINX, "-v"),
                List.of(NGINX, "-c", file),
                templates.origins().getFirst(),
                false);
    }

    /** Ours: the built distribution with its defaults. */
    Contestant ringmaster(String name, String transport) throws IOException, InterruptedException {
        Ringmaster ringmaster = new Ringmaster(templates.origins(), transport, workers);
        return new Contestant(name, Ringmaster.version(), ringmaster.command(), ringmaster.port(), true);
    }

    /** Throws {@link IllegalArgumentException} if nobody is called so. */
    Contestant rival(String name) throws IOException, InterruptedException {
        return switch (name) {
            case "haproxy-safe" -> haproxy("safe");
            case "haproxy-always" -> haproxy("always");
            case NGINX -> nginx();
            case "caddy" -> caddy();
            default -> Peers.contestant(name, templates, workers);
        };
    }

    private Contestant nginx() throws IOException, InterruptedException {
        int port = Templates.freePort();
        String file = templates.write("nginx-" + table + ".conf", "nginx.conf", Map.of("port", "" + port));
        return new Contestant(NGINX, output(NGINX, "-v"), List.of(NGINX, "-c", file), port, false);
    }

    /** With one of its ways to share upstream connections: "safe" (its default) or "always". */
    private Contestant haproxy(String reuse) throws IOException, InterruptedException {
        int port = Templates.freePort();
        String file = templates.write(
                "haproxy-" + table + ".cfg",
                "haproxy-" + reuse + ".cfg",
                Map.of("port", "" + port, "metrics", "" + Templates.freePort(), "reuse", reuse));
        return new Contestant("HAProxy " + reuse, output("haproxy", "-v"), List.of("haproxy", "-f", file), port, false);
    }

    private Contestant caddy() throws IOException, InterruptedException {
        int port = Templates.freePort();
        String file = templates.write(
                "Caddyfile-" + table, "Caddyfile", Map.of("port", "" + port, "metrics", "" + Templates.freePort()));
        List<String> command = List.of(
                "env",
                "GOMAXPROCS=" + workers,
                "XDG_CONFIG_HOME=" + templates.directory(),
                "XDG_DATA_HOME=" + templates.directory(),
                "caddy",
                "run",
                "--adapter",
                "caddyfile",
                "--config",
                file);
        return new Contestant("Caddy", "Caddy " + output("caddy", "version"), command, port, false);
    }

    /** The first line that a command prints. */
    static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.lines().findFirst().orElse("");
    }
}
