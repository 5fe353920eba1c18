package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Writes configurations from the templates among this module's resources; it knows where the origin listens. */
final class Templates {
    private static final int MEBIBYTE = 1 << 20;
    private static final int ORIGINS = 3;
    private static final int LEAST_PORT = 10_000;
    /** Of Linux, unless it was told otherwise. */
    private static final int FIRST_EPHEMERAL = 32_768;

    private static final int MOST_TRIALS = 100;

    private final Path directory;
    private final Map<String, String> common = new HashMap<>();
    private final List<Integer> origins;

    /**
     * Takes free ports for the origin, and writes the file that it serves.
     *
     * @param workers of each proxy
     */
    Templates(Path directory, int workers) throws IOException {
        this.directory = directory;
        this.origins = List.of(freePort(), freePort(), freePort());
        for (int i = 0; i < ORIGINS; i++) {
            common.put("origin" + (i + 1), "" + origins.get(i));
        }
        common.put("directory", directory.toString());
        common.put("workers", "" + workers);
        byte[] random = new byte[MEBIBYTE];
        new Random(MEBIBYTE).nextBytes(random);
        Files.write(directory.resolve("mebibyte"), random);
    }

    /** Ports of the three replicas. */
    List<Integer> origins() {
        return origins;
    }

    String directory() {
        return directory.toString();
    }

    /**
     * Writes a configuration.
     *
     * @param file name of the result
     * @param own values beside those that all have
     */
    String write(String template, String file, Map<String, String> own) throws IOException {
        try (InputStream resource = Templates.class.getResourceAsStream("/compare/" + template)) {
            if (resource == null) {
                throw new IOException("no configuration " + template);
            }
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> values = new HashMap<>(common);
            values.putAll(own);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("{" + value.getKey() + "}", value.getValue());
            }
            return Files.writeString(directory.resolve(file), text).toString();
        }
    }

    /** One that nobody uses, and that the system does not give to a connection before its server has started. */
    static int freePort() throws IOException {
        for (int trial = 0; ; trial++) {
            try (ServerSocket socket =
                    new ServerSocket(ThreadLocalRandom.current().nextInt(LEAST_PORT, FIRST_EPHEMERAL))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                if (trial == MOST_TRIALS) {
                    throw taken;
                }
            }
        }
    }
}
