package dev.ringmaster.lb.lifecycle;

import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.HeartbeatProbe;
import dev.ringmaster.lb.health.ProbeResult;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Replicas that exist in simulated time only: they start well or badly, die, freeze and answer heartbeats. */
final class SimulatedReplicas implements ReplicaProvider, HeartbeatProbe {
    /** How a start goes. */
    enum Start {
        WELL,
        SLOWLY,
        /** Fails; nothing is left. */
        FAIL,
        /** Breaks with what no provider should throw; nothing is left. */
        BREAK,
        /** Does not return before it is stopped from outside, or within two minutes. */
        HANG,
        /** Runs and answers no heartbeat. */
        MUTE,
        /** Runs and dies at once. */
        DIE
    }

    /** One that runs. */
    static final class Simulated {
        final ReplicaSpec spec;
        final int port;
        boolean frozen;
        boolean mute;

        Simulated(ReplicaSpec spec, int port) {
            this.spec = spec;
            this.port = port;
        }
    }

    final Map<ReplicaId, Simulated> alive = new LinkedHashMap<>();
    final Set<ReplicaId> answered = new HashSet<>();
    final List<ReplicaSpec> started = new ArrayList<>();
    final List<String> stopped = new ArrayList<>();
    Consumer<ReplicaId> beforeGracefulStop = _ -> {};
    Consumer<ReplicaSpec> beforeStart = _ -> {};
    /** Runs when what runs has just been looked up. */
    Runnable onList = () -> {};
    /** Names that somebody else has. */
    final Set<String> takenNames = new HashSet<>();
    /** Chooses how the next start goes. */
    Supplier<Start> nextStart = () -> Start.WELL;
    /** Whether the next stop fails. */
    BooleanSupplier stopFails = () -> false;

    private final SimulatedTime time;
    private final SimulatedControl control;
    private final Random random;
    private @Nullable Events events;
    private int nextPort = 1000;
    /** Whether what runs here answers. */
    boolean available = true;
    /** Whether calls fail as if nothing answered, and the provider has not noticed. */
    boolean unanswered;
    /** Whether replicas go on when their balancer is gone. */
    boolean outlives = true;
    /** Whether what was asked for comes into being although the balancer that asked was killed. */
    BooleanSupplier comesLate = () -> false;

    private @Nullable SimulatedReplicas next;

    SimulatedReplicas(SimulatedTime time, SimulatedControl control, Random random) {
        this.time = time;
        this.control = control;
        this.random = random;
    }

    private Duration upTo(int millis) {
        return Duration.ofMillis(random.nextInt(millis + 1));
    }

    @Override
    public boolean managed() {
        return true;
    }

    @Override
    public boolean outlives() {
        return outlives;
    }

    @Override
    public boolean available() {
        return available;
    }

    private void requireAvailable() throws ProviderException {
        if (!available || unanswered) {
            control.block(upTo(50));
            throw new ProviderException(Kind.UNAVAILABLE, "simulated outage", null);
        }
    }

    /** What runs goes on under the next balancer, if it outlives the one before. */
    void survive(SimulatedReplicas before) {
        nextPort = before.nextPort;
        before.next = this;
        if (outlives) {
            alive.putAll(before.alive);
        }
    }

    /** Its balancer was killed while it waited for this: what it had asked for comes into being all the same. */
    private void comeIntoBeingLater(ReplicaSpec spec) {
        time.after(upTo(10_000), () -> {
            SimulatedReplicas now = this;
            for (SimulatedReplicas later = next; later != null; later = later.next) {
                now = later;
            }
            if (now != this && outlives) {
                now.alive.put(spec.id(), new Simulated(spec, now.nextPort++));
            }
        });
    }

    void tell(BiConsumer<Events, ReplicaId> event, ReplicaId id) {
        time.after(upTo(3), () -> event.accept(Objects.requireNonNull(events), id));
    }

    @Override
    public void check() {}

    @Override
    public RunningReplica start(ReplicaSpec spec, Duration deadline) throws ProviderException {
        beforeStart.accept(spec);
        requireAvailable();
        if (takenNames.contains(spec.name())) {
            throw new ProviderException(Kind.NAME_TAKEN, "simulated foreign replica", null);
        }
        started.add(spec);
        Start how = nextStart.get();
        try {
            control.block(upTo(how == Start.SLOWLY ? 3000 : 20));
        } catch (SimulatedControl.Killed killed) {
            if (comesLate.getAsBoolean()) {
                comeIntoBeingLater(spec);
            }
            throw killed;
        }
        switch (how) {
            case FAIL -> throw new ProviderException("simulated failure");
            case BREAK -> throw new IllegalStateException("simulated breakage");
            case WELL, SLOWLY, HANG, MUTE, DIE -> {}
        }
        Simulated replica = new Simulated(spec, nextPort++);
        replica.mute = how == Start.MUTE;
        alive.put(spec.id(), replica);
        for (int i = 0; how == Start.HANG && i < 120 && alive.containsKey(spec.id()); i++) {
            control.block(Duration.ofSeconds(1));
        }
        if (how == Start.HANG) {
            alive.remove(spec.id());
            throw new ProviderException("simulated hang");
        }
        if (how == Start.DIE) {
            die(spec.id());
        }
        control.block(upTo(10));
        return running(replica);
    }

    @Override
    public void stop(ReplicaId id, Duration grace) throws ProviderException {
        control.block(upTo(5));
        requireAvailable();
        Simulated replica = alive.get(id);
        if (replica == null) {
            return;
        }
        if (stopFails.getAsBoolean()) {
            throw new ProviderException("simulated failure to stop");
        }
        if (!grace.isZero()) {
            beforeGracefulStop.accept(id);
        }
        control.block(replica.frozen ? grace : upTo((int) Math.min(grace.toMillis(), 300)));
        alive.remove(id);
        stopped.add(replica.spec.name());
    }

    @Override
    public List<RunningReplica> list() throws ProviderException {
        requireAvailable();
        List<RunningReplica> running =
                alive.values().stream().map(this::running).toList();
        onList.run();
        control.block(upTo(10));
        return running;
    }

    private RunningReplica running(Simulated replica) {
        return new RunningReplica(replica.spec, new InetSocketAddress(InetAddress.getLoopbackAddress(), replica.port));
    }

    @Override
    public void watch(Events listener) {
        events = listener;
    }

    @Override
    public List<String> release() {
        return List.of();
    }

    @Override
    public void inherit(List<String> released) {
        throw new AssertionError("no simulated hand-over");
    }

    @Override
    public void close() {}

    /** It ends by itself; the balancer hears of it a little later. */
    void die(ReplicaId id) {
        die(id, new Exit("crashed in the simulation", false));
    }

    /** A signal ends it. */
    void kill(ReplicaId id) {
        die(id, new Exit("was killed by the simulation", true));
    }

    private void die(ReplicaId id, Exit exit) {
        if (alive.remove(id) != null) {
            time.after(upTo(3), () -> Objects.requireNonNull(events).exited(id, exit));
        }
    }

    @Override
    public void probe(InetSocketAddress address, HealthOptions options, Consumer<ProbeResult> outcome) {
        Simulated replica = alive.values().stream()
                .filter(candidate -> candidate.port == address.getPort())
                .findFirst()
                .orElse(null);
        if (replica == null || replica.mute) {
            time.after(upTo(1), () -> outcome.accept(ProbeResult.REFUSED));
        } else if (replica.frozen) {
            time.after(options.timeout(), () -> outcome.accept(ProbeResult.SILENT));
        } else {
            answered.add(replica.spec.id());
            time.after(upTo(2), () -> outcome.accept(ProbeResult.ALIVE));
        }
    }
}
