package dev.ringmaster.lb.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which balancer a client command speaks to, and with what secret. */
final class Target {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The balancer's address (default: ${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:5000")
    private URI url = URI.create("http://localhost:5000");

    @ArgGroup
    private @Nullable Secret secret;

    @Option(names = "--json", description = "Print the balancer's answer as it came.")
    private boolean json;

    /** The two ways to give a token on the command line. */
    private static final class Secret {
        @Option(
                names = "--token",
                paramLabel = "TOKEN",
                description = "The admin interface's secret (default: the variable RINGMASTER_ADMIN_TOKEN).")
        private @Nullable String token;

        @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the secret.")
        private @Nullable Path file;
    }

    URI resolve(String path) {
        String base = url.toString();
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw CommandFailure.usage(List.of("--url " + base + " must be like http://HOST:PORT"));
        }
        return URI.create(base.replaceFirst("/+$", "") + path);
    }

    boolean json() {
        return json;
    }

    /** The token to send: an option's, else the environment's. */
    Optional<String> token(Surroundings surroundings) {
        if (secret != null && secret.token != null) {
            return Optional.of(secret.token);
        }
        if (secret != null && secret.file != null) {
            return Optional.of(read(secret.file));
        }
        return Optional.ofNullable(surroundings.environment().get("RINGMASTER_ADMIN_TOKEN"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            throw CommandFailure.usage(List.of("--token-file " + file + " cannot be read"));
        }
    }
}
