package dev.ringmaster.lb;

import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.proxy.Exchange;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A data plane without a control plane: the test publishes the pool itself. */
final class DataPlaneFixture implements AutoCloseable {
    static final int LOOPS = 2;

    final List<Replica> refused = new CopyOnWriteArrayList<>();
    final ProxyMetrics metrics = new ProxyMetrics(LOOPS);
    private final AccessLog accessLog =
            new AccessLog(new TelemetryOptions(AccessLogFormat.COMBINED), new ByteArrayOutputStream());
    private final RoutingTables tables;
    private final DataPlane.Loops loops;
    private final Listener listener;
    private final List<Slot> slots = new ArrayList<>();

    DataPlaneFixture() throws IOException {
        this(new ProxyOptions(Duration.ofSeconds(2), Duration.ofSeconds(1), 64 << 10, false), List.of("random"));
    }

    DataPlaneFixture(ProxyOptions proxy, List<String> key) throws IOException {
        LoadBalancerConfig config = config(proxy, key);
        tables = new RoutingTables(config.balance(), DataPlaneFixture.class.getClassLoader());
        loops = DataPlane.Loops.start(config.listener());
        DataPlane plane = DataPlane.start(
                config,
                loops,
                tables,
                new DataPlane.Reports((replica, cause) -> refused.add(replica), metrics, accessLog));
        listener = plane.listen("127.0.0.1", 0, Exchange::new);
    }

    private static LoadBalancerConfig config(ProxyOptions proxy, List<String> key) {
        return new LoadBalancerConfig(
                new ListenerOptions("127.0.0.1", 0, LOOPS, ListenerOptions.Transport.AUTO),
                new ForwardingOptions(List.of(Cidr.parse("127.0.0.2")), "ringmaster", 1 << 20),
                proxy,
                new BalanceOptions(
                        "consistent-hash",
                        new BalanceOptions.HashRing("rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                        key),
                new UpstreamOptions(Duration.ofSeconds(1), Duration.ofSeconds(4)),
                new HealthOptions("/heartbeat", Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 1),
                new LifecycleOptions(
                        "test", 0, 64, Duration.ofSeconds(5), Duration.ofSeconds(1), Path.of("unused"), false),
                new LoadBalancerConfig.Provider.Fixed(new FixedOptions(List.of())),
                new AdminOptions("127.0.0.1", 0, "", List.of(), false, Set.of(), false, true),
                new TelemetryOptions(AccessLogFormat.NONE),
                List.of());
    }

    /** Replaces the pool by replicas at these addresses, all serving. */
    DataPlaneFixture serving(InetSocketAddress... addresses) {
        slots.clear();
        for (InetSocketAddress address : addresses) {
            int index = slots.size();
            Replica replica = new Replica(ReplicaId.random(), "S" + (index + 1), index, address, new InFlight(LOOPS));
            slots.add(new Slot(index, 1, replica.name(), ReplicaState.UP, replica));
        }
        publish();
        return this;
    }

    /** Changes one slot's state. */
    void state(int slot, ReplicaState state) {
        slots.set(slot, slots.get(slot).in(state));
        publish();
    }

    private void publish() {
        tables.publish(new ReplicaSet(slots, List.of())).toCompletableFuture().join();
    }

    Replica replica(int slot) {
        Replica replica = slots.get(slot).replica();
        if (replica == null) {
            throw new IllegalStateException("slot " + slot + " is empty");
        }
        return replica;
    }

    RawClient client() throws IOException {
        return new RawClient(listener.port());
    }

    int port() {
        return listener.port();
    }

    long inFlight() {
        return slots.stream()
                .mapToLong(slot -> replica(slot.index()).inFlight().sum())
                .sum();
    }

    @Override
    public void close() {
        loops.close();
        accessLog.close();
    }
}
