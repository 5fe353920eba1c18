package dev.ringmaster.lb.provider.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who owns a pool, as a text that another balancer can judge: {@code container:ID} for a balancer in a container, else
 * {@code process:BOOT/PID/START}.
 */
final class Owner {
    private static final String CONTAINER = "container:";
    private static final String PROCESS = "process:";
    private static final Pattern OWN_CONTAINER = Pattern.compile("/containers/([0-9a-f]{64})/hostname /etc/hostname ");

    private Owner() {}

    /** Whether an owner lives, as far as that can be told. */
    enum State {
        ALIVE,
        GONE,
        UNKNOWN
    }

    /** This process. */
    static String self() {
        Optional<String> container = ownContainer();
        return container.isPresent() ? CONTAINER + container.get() : PROCESS + process(ProcessHandle.current());
    }

    private static Optional<String> ownContainer() {
        Matcher mounted = OWN_CONTAINER.matcher(text("/proc/self/mountinfo"));
        return mounted.find() ? Optional.of(mounted.group(1)) : Optional.empty();
    }

    private static String process(ProcessHandle handle) {
        long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return boot() + "/" + handle.pid() + "/" + start;
    }

    private static String boot() {
        return text("/proc/sys/kernel/random/boot_id").strip();
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    /** Whether the owner was an earlier run of the container that this process runs in. */
    static boolean before(String owner) {
        return owner.startsWith(CONTAINER) && owner.equals(self());
    }

    /** The container in which the owner runs; empty if it runs in none. */
    static Optional<String> container(String owner) {
        return owner.startsWith(CONTAINER) ? Optional.of(owner.substring(CONTAINER.length())) : Optional.empty();
    }

    /** Judges an owner that is a process: one of an earlier boot is gone, one seen from inside a container unknown. */
    static State process(String owner) {
        String[] parts =
                owner.startsWith(PROCESS) ? owner.substring(PROCESS.length()).split("/", -1) : new String[0];
        if (parts.length != 3) {
            return State.UNKNOWN;
        }
        if (!parts[0].equals(boot())) {
            return State.GONE;
        }
        if (ownContainer().isPresent()) {
            return State.UNKNOWN;
        }
        boolean alive = ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(handle -> (PROCESS + process(handle)).equals(owner))
                .isPresent();
        return alive ? State.ALIVE : State.GONE;
    }
}
