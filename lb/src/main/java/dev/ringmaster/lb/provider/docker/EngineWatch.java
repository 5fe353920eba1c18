package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider.Events;
import dev.ringmaster.lb.provider.ReplicaProvider.Exit;
import dev.ringmaster.lb.provider.docker.Replicas.Known;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the engine's events on a thread of its own and tells what they mean for replicas. After every interruption it
 * looks at all containers, for the engine keeps but 256 events; while it is interrupted the engine counts as away.
 *
 * <pre>
 *   kill by a signal that ends      ─> ending       pause, network disconnect        ─> suspended
 *   die, destroy                    ─> exited       unpause, connect, oom, unhealthy ─> doubted
 *   start of one that was given up  ─> removed
 * </pre>
 */
final class EngineWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineWatch.class);
    private static final Set<String> ENDING_SIGNALS = Set.of("15", "9", "2", "3");
    /** Names of signals that images stop on, beside those above. */
    private static final Map<String, String> SIGNALS =
            Map.of("HUP", "1", "USR1", "10", "USR2", "12", "WINCH", "28", "PWR", "30", "RTMIN+3", "37");
    /** An engine that hangs tells nothing, so that it is asked. */
    private static final Duration PULSE = Duration.ofSeconds(2);

    private static final Duration AGAIN = Duration.ofMillis(200);
    /** Whoever stops or restarts a container from outside still asks for it after it has died. */
    private static final Duration MOURNING = Duration.ofSeconds(2);
    /** An exit code above it tells the signal. */
    private static final int SIGNALLED = 128;
    /** Signals that a program earns by what it does: illegal instruction, trap, abort, bus, arithmetic, memory, call. */
    private static final Set<Integer> OWN_FAULTS = Set.of(4, 5, 6, 7, 8, 11, 31);

    private final Engine engine;
    private final Replicas replicas;
    private final String pool;
    private final String network;
    private final Map<String, Object> clearing = new ConcurrentHashMap<>();
    private volatile boolean available = true;
    private volatile boolean closed;
    private volatile boolean released;
    private @Nullable Thread thread;
    private @Nullable Thread pulse;

    EngineWatch(Engine engine, Replicas replicas, String pool, String network) {
        this.engine = engine;
        this.replicas = replicas;
        this.pool = pool;
        this.network = network;
    }

    void start(Events events) {
        thread = Thread.ofVirtual().name("docker-events").start(() -> run(events));
        pulse = Thread.ofVirtual().name("docker-pulse").start(this::feelPulse);
    }

    private void feelPulse() {
        while (!closed) {
            try {
                Thread.sleep(PULSE);
                if (available) {
                    engine.ping();
                }
            } catch (ProviderException hangs) {
                doubt(hangs);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    boolean available() {
        return available;
    }

    /** Whether the pool is another balancer's to clear up: then this one tells what happens and removes nothing. */
    void released(boolean now) {
        released = now;
    }

    /** Waits while the pool is another balancer's; false if it stays that. */
    private boolean clearsUp() throws InterruptedException {
        while (released && !closed) {
            Thread.sleep(AGAIN);
        }
        return !released;
    }

    /** A call failed: if that means that the engine is away, it counts as such until its events flow again. */
    void doubt(ProviderException failed) {
        if (failed.kind() == Kind.UNAVAILABLE) {
            away(failed.getMessage());
            engine.breakEvents();
        }
    }

    private void away(@Nullable String reason) {
        if (available && !closed) {
            available = false;
            LOG.warn("engine=away reason=\"{}\"", reason);
        }
    }

    private void run(Events events) {
        while (!closed) {
            try {
                engine.events(() -> caughtUp(events), event -> happened(event, events));
            } catch (ProviderException ended) {
                away(ended.getMessage());
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /** The stream stands: what happened before it is found by looking. */
    private void caughtUp(Events events) {
        try {
            Set<String> running = engine.list().stream()
                    .filter(Container::running)
                    .map(Container::id)
                    .collect(Collectors.toSet());
            for (Known known : replicas.all()) {
                // One without an address is being started, and whoever starts it looks.
                if (!running.contains(known.container) && !known.address.isEmpty()) {
                    lookAfter(known, events);
                }
            }
        } catch (ProviderException stillAway) {
            throw new IllegalStateException(stillAway.getMessage(), stillAway);
        }
        if (!available) {
            available = true;
            LOG.info("engine=back");
        }
    }

    /** It did not run when all were listed: it ended, or was started since. */
    private void lookAfter(Known known, Events events) throws ProviderException {
        Container container = engine.inspect(known.container).orElse(null);
        if (container == null) {
            died(known, new Exit("was removed", true), events);
        } else if (!container.running()) {
            died(known, exit(container.exitCode(), container.outOfMemory()), events);
        }
    }

    private void happened(EngineEvent event, Events events) {
        Known known = replicas.in(event.container()).orElse(null);
        if (known == null) {
            if (event.action().equals("start") && event.attribute(Labels.POOL).equals(pool)) {
                clearAwayRestarted(event.container());
            }
            return;
        }
        if (known.stopping) {
            return;
        }
        switch (event.action()) {
            case "die" -> died(known, exit(Integer.parseInt(event.attribute("exitCode")), outOfMemory(known)), events);
            case "destroy" -> died(known, new Exit("was removed", true), events);
            case "kill" -> killed(known, event.attribute("signal"), events);
            case "pause" -> events.suspended(known.id, "was paused");
            case "unpause" -> events.doubted(known.id, "was unpaused");
            case "oom" -> {
                known.outOfMemory = true;
                events.doubted(known.id, "ran out of memory");
            }
            case "network disconnect" -> {
                if (event.attribute("name").equals(network)) {
                    events.suspended(known.id, "was disconnected from " + network);
                }
            }
            case "network connect" -> connected(known, events);
            default -> {
                if (event.action().startsWith("health_status: unhealthy")) {
                    events.doubted(known.id, "is unhealthy");
                }
            }
        }
    }

    private void killed(Known known, String signal, Events events) {
        if (ENDING_SIGNALS.contains(signal) || isStopSignal(known, signal)) {
            known.toldToEnd = true;
            events.ending(known.id, "was sent signal " + signal + " by others");
        }
    }

    /** Whether its image says that this signal asks it to end; most others ask for something else. */
    private boolean isStopSignal(Known known, String signal) {
        String name = look(known.container).map(Container::stopSignal).orElse("");
        return signal.equals(SIGNALS.getOrDefault(name.replaceFirst("^SIG", ""), name));
    }

    /** Its address may be another one now, and the old one somebody else's. */
    private void connected(Known known, Events events) {
        String address = look(known.container).map(Container::address).orElse("");
        if (address.isEmpty() || address.equals(known.address) || known.address.isEmpty()) {
            events.doubted(known.id, "was connected to a network");
        } else if (replicas.remove(known.id)) {
            events.exited(known.id, new Exit("came to another address, " + address, true));
            clearAwayRestarted(known.container);
        }
    }

    private Optional<Container> look(String container) {
        try {
            return engine.inspect(container);
        } catch (ProviderException unknown) {
            return Optional.empty();
        }
    }

    /** Nobody sent it a signal: then the kernel may have, and not every engine tells. */
    private boolean outOfMemory(Known known) {
        return known.outOfMemory
                || (!known.toldToEnd
                        && look(known.container).filter(Container::outOfMemory).isPresent());
    }

    private static Exit exit(int code, boolean outOfMemory) {
        return new Exit(
                "ended with exit code " + code + (outOfMemory ? ", out of memory" : ""),
                code > SIGNALLED && !outOfMemory && !OWN_FAULTS.contains(code - SIGNALLED));
    }

    private void died(Known known, Exit exit, Events events) {
        if (!replicas.remove(known.id)) {
            return;
        }
        if (exit.killed()) {
            events.exited(known.id, exit);
            Thread.ofVirtual().start(() -> bury(known));
        } else {
            // Its last words say why; until they are here a heartbeat tells that it is gone.
            events.doubted(known.id, exit.reason());
            Thread.ofVirtual().start(() -> {
                events.exited(known.id, new Exit(exit.reason() + lastWords(known.container), false));
                bury(known);
            });
        }
    }

    private String lastWords(String container) {
        try {
            String output = engine.lastOutput(container);
            return output.isEmpty() ? "" : ", last output: " + output;
        } catch (ProviderException unknown) {
            return "";
        }
    }

    private void bury(Known known) {
        try {
            if (known.toldToEnd) {
                Thread.sleep(MOURNING);
            }
            if (clearsUp()) {
                clearAway(known.container);
            }
        } catch (ProviderException later) {
            LOG.warn("id={} removed=false reason=\"{}\"", known.id, later.getMessage());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps the last words of a container that has ended, then removes it; one that came to life again is removed, too. */
    void clearAway(String id) throws ProviderException {
        // One at a time: whoever came second would remove it before its last words were read.
        synchronized (clearing.computeIfAbsent(id, _ -> new Object())) {
            Container container = engine.inspect(id).orElse(null);
            if (container != null) {
                LOG.warn(
                        "replica={} exit={} oom={} output=\"{}\"",
                        container.name(),
                        container.exitCode(),
                        container.outOfMemory(),
                        engine.lastOutput(id));
                engine.remove(id);
            }
            clearing.remove(id);
        }
    }

    private void clearAwayRestarted(String id) {
        Thread.ofVirtual().start(() -> {
            try {
                if (clearsUp()) {
                    LOG.warn("container={} belongs to no slot any more: removed", id);
                    engine.remove(id);
                }
            } catch (ProviderException later) {
                LOG.warn("container={} removed=false reason=\"{}\"", id, later.getMessage());
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        if (thread != null && pulse != null) {
            thread.interrupt();
            pulse.interrupt();
        }
        engine.breakEvents();
    }
}
