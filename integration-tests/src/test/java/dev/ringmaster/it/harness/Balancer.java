package dev.ringmaster.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A running balancer of the distribution, on free ports, with a state directory of its own. */
public final class Balancer implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening port=(\\d+) admin-port=(\\d+)");
    /**
     * A replica that has no processor for a while must not be taken for one that is silent or slow, which would make
     * requests fail or go elsewhere; a test that is about such a replica sets these itself.
     */
    private static final Map<String, String> FORBEARING =
            Map.of("RINGMASTER_HEALTH_TIMEOUT", "10s", "RINGMASTER_OUTLIER_LATENCY_FACTOR", "off");

    private final Process process;
    private final List<Thread> readers;
    private final List<Path> toDelete = new ArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private volatile int port;
    private volatile int adminPort;

    private Balancer(Process process) {
        this.process = process;
        readers = List.of(follow(process.errorReader(), log), follow(process.inputReader(), output));
    }

    /** Starts one in {@code workDir} with settings {@code key=value} and waits until it listens. */
    public static Balancer start(Path workDir, Map<String, String> environment, String... settings) throws IOException {
        return start(workDir, environment, List.of("serve"), settings);
    }

    /** The same, taking over from the one that runs in {@code workDir}. */
    public static Balancer takeOver(Path workDir, Map<String, String> environment, String... settings)
            throws IOException {
        return start(workDir, environment, List.of("serve", "--take-over"), settings);
    }

    /** A command of the distribution, on free ports, to be started in {@code workDir}. */
    public static ProcessBuilder command(Path workDir, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--set", "port=0", "--set", "admin.port=0"));
        return Dist.command(workDir, Map.of(), all);
    }

    private static Balancer start(
            Path workDir, Map<String, String> environment, List<String> command, String... settings)
            throws IOException {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(List.of("--set", "port=0", "--set", "admin.port=0", "--set", "bind=127.0.0.1"));
        for (String setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        Map<String, String> all = new HashMap<>(FORBEARING);
        all.putAll(environment);
        Balancer balancer = new Balancer(Dist.command(workDir, all, arguments).start());
        try {
            Awaitility.await()
                    .atMost(Patience.LIMIT)
                    .pollInterval(Duration.ofMillis(10))
                    .failFast(() -> !balancer.process.isAlive())
                    .until(balancer::listening);
        } catch (RuntimeException failed) {
            balancer.end();
            throw new AssertionError("the balancer did not start: " + balancer.log, failed);
        }
        return balancer;
    }

    public static Balancer start(String... settings) throws IOException {
        Path workDir = Files.createTempDirectory("ringmaster-it");
        Balancer balancer = start(workDir, Map.of(), settings);
        balancer.toDelete.add(workDir);
        return balancer;
    }

    private static Thread follow(BufferedReader reader, List<String> lines) {
        // Reading a process's output pins a virtual thread's carrier, and two of them would hold both there are.
        return Thread.ofPlatform().daemon().start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException | UncheckedIOException gone) {
                lines.add("(end of output: " + gone.getMessage() + ")");
            }
        });
    }

    private static void join(Thread reader) {
        try {
            reader.join(Patience.LIMIT.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean listening() {
        for (String line : log) {
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                port = Integer.parseInt(matcher.group(1));
                adminPort = Integer.parseInt(matcher.group(2));
                return true;
            }
        }
        return false;
    }

    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    /** Lines of the log so far. */
    public List<String> log() {
        return log;
    }

    /** Lines of standard output so far. */
    public List<String> output() {
        return output;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Its replicas' processes. */
    public List<ProcessHandle> replicas() {
        return process.descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("ServerMain"))
                .toList();
    }

    /** Resident memory in bytes. */
    public long memory() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS");
    }

    /** Whether exactly so many replicas serve. */
    public boolean serving(int count) throws IOException {
        try (Http http = new Http(adminPort)) {
            return http.get("/readyz").text().contains("\"serving\":" + count + ",");
        }
    }

    /** A metric summed over its labels. */
    public double metric(String name) throws IOException {
        try (Http http = new Http(adminPort)) {
            return http.get("/metrics")
                    .text()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    public Http http() throws IOException {
        return new Http(port);
    }

    /** Asks it to stop and returns its exit code. */
    public int stop() throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(Patience.LIMIT)).as("ends after SIGTERM").isTrue();
        return process.exitValue();
    }

    /** Waits until it has ended by itself and returns its exit code. */
    public int awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(Patience.LIMIT)).as("ends by itself").isTrue();
        return process.exitValue();
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends it with its replicas; fails if it has logged a leak or a failed assertion. */
    @Override
    public void close() {
        end();
        Faults.assertNone(List.copyOf(log));
    }

    private void end() {
        List<ProcessHandle> family = process.descendants().toList();
        process.toHandle().destroy();
        try {
            if (process.waitFor(Patience.LIMIT)) {
                readers.forEach(Balancer::join);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        toDelete.forEach(Balancer::delete);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
