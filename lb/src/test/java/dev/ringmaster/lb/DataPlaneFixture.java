package dev.ringmaster.lb;

import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.Dispatcher;
import dev.ringmaster.lb.listener.FrontendTimeouts;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.proxy.Exchange;
import dev.ringmaster.lb.proxy.ProxyLoop;
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
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A data plane without a control plane: the test publishes the pool itself. */
final class DataPlaneFixture implements AutoCloseable {
    static final int LOOPS = 2;
    /** A peer whose word about others counts. */
    static final String TRUSTED = "127.0.0.2";

    final List<Replica> refused = new CopyOnWriteArrayList<>();
    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final ProxyMetrics metrics = new ProxyMetrics(LOOPS);
    final RoutingTables tables;
    final Listener listener;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final AccessLog accessLog = new AccessLog(new TelemetryOptions(AccessLogFormat.COMMON), logged);
    private final DataPlane.Loops loops;
    private final List<Slot> slots = new ArrayList<>();
    private final Collection<Replica> known = new LinkedHashSet<>();

    /** An exchange that was begun, and the loop that it runs on. */
    record Taken(ProxyLoop loop, Exchange exchange) {
        void tick(Duration later) {
            loop.execute(() -> exchange.tick(System.nanoTime() + later.toNanos()));
        }
    }

    /** What a test may want to be different. */
    record Settings(ProxyOptions proxy, FrontendTimeouts timeouts, List<String> key, long maxBody, int loops) {
        static final Settings DEFAULT = new Settings(
                new ProxyOptions(Duration.ofSeconds(10), Duration.ofSeconds(1), 64 << 10, false),
                FrontendTimeouts.STANDARD,
                List.of("random"),
                1 << 20,
                LOOPS);

        Settings with(ProxyOptions other) {
            return new Settings(other, timeouts, key, maxBody, loops);
        }

        Settings with(FrontendTimeouts other) {
            return new Settings(proxy, other, key, maxBody, loops);
        }

        Settings key(String... chain) {
            return new Settings(proxy, timeouts, List.of(chain), maxBody, loops);
        }

        Settings maxBody(long bytes) {
            return new Settings(proxy, timeouts, key, bytes, loops);
        }

        Settings oneLoop() {
            return new Settings(proxy, timeouts, key, maxBody, 1);
        }

        Settings responseTimeout(Duration timeout) {
            return with(new ProxyOptions(
                    timeout, proxy.waitForReplica(), proxy.retryBodyBuffer(), proxy.translateNotFound()));
        }

        Settings waitForReplica(Duration longest) {
            return with(new ProxyOptions(
                    proxy.responseTimeout(), longest, proxy.retryBodyBuffer(), proxy.translateNotFound()));
        }

        Settings translateNotFound() {
            return with(
                    new ProxyOptions(proxy.responseTimeout(), proxy.waitForReplica(), proxy.retryBodyBuffer(), true));
        }
    }

    DataPlaneFixture() throws IOException {
        this(Settings.DEFAULT);
    }

    DataPlaneFixture(Settings settings) throws IOException {
        LoadBalancerConfig config = config(settings);
        tables = new RoutingTables(config.balance(), DataPlaneFixture.class.getClassLoader());
        loops = DataPlane.Loops.start(config.listener());
        DataPlane plane = DataPlane.start(
                config,
                loops,
                tables,
                new DataPlane.Reports((replica, cause) -> refused.add(replica), metrics, accessLog));
        Dispatcher recording = (loop, client, head) -> {
            Exchange exchange = new Exchange(loop, client, head);
            taken.add(new Taken(loop, exchange));
            return exchange;
        };
        listener = plane.listen("127.0.0.1", 0, new Listener.Edge(recording, settings.timeouts()));
    }

    private static LoadBalancerConfig config(Settings settings) {
        return new LoadBalancerConfig(
                new ListenerOptions("127.0.0.1", 0, settings.loops(), ListenerOptions.Transport.AUTO),
                new ForwardingOptions(List.of(Cidr.parse(TRUSTED)), "ringmaster", settings.maxBody()),
                settings.proxy(),
                new BalanceOptions(
                        "consistent-hash",
                        new BalanceOptions.HashRing("rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                        settings.key()),
                new UpstreamOptions(Duration.ofSeconds(1), Duration.ofSeconds(4)),
                new HealthOptions("/heartbeat", Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 1),
                new LifecycleOptions(
                        "test", 0, 64, 0, Duration.ofSeconds(5), Duration.ofSeconds(1), Path.of("unused"), false),
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
            Replica replica = replica(index, address);
            slots.add(new Slot(index, 1, replica.name(), ReplicaState.UP, replica));
        }
        publish();
        return this;
    }

    DataPlaneFixture serving(ScriptedOrigin... origins) {
        InetSocketAddress[] addresses = new InetSocketAddress[origins.length];
        for (int i = 0; i < origins.length; i++) {
            addresses[i] = origins[i].address();
        }
        return serving(addresses);
    }

    private Replica replica(int slot, InetSocketAddress address) {
        Replica replica = new Replica(ReplicaId.random(), "S" + (slot + 1), slot, address, new InFlight(LOOPS));
        known.add(replica);
        return replica;
    }

    /** Changes one slot's state. */
    DataPlaneFixture state(int slot, ReplicaState state) {
        slots.set(slot, slots.get(slot).in(state));
        publish();
        return this;
    }

    /** Puts another replica into a slot. */
    void replace(int slot, ScriptedOrigin origin) {
        slots.set(slot, slots.get(slot).occupiedBy(replica(slot, origin.address()), ReplicaState.UP));
        publish();
    }

    void publish() {
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

    /** Requests in flight to all replicas that there ever were. */
    long inFlight() {
        return known.stream().mapToLong(replica -> replica.inFlight().sum()).sum();
    }

    /** Value of a counter as it is exported, such as {@code ringmaster_waits_total}. */
    double metric(String sample) {
        return metrics.prometheusText()
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** The newest exchange. */
    Taken last() {
        await().until(() -> !taken.isEmpty());
        return taken.getLast();
    }

    /** What was written to the access log; closes the data plane. */
    String closeAndReadLog() {
        close();
        return logged.toString(StandardCharsets.US_ASCII);
    }

    /** Stops; the last leaked buffer is reported as soon as it is collected and another one is allocated. */
    @Override
    public void close() {
        loops.close();
        accessLog.close();
        System.gc();
        ByteBufAllocator.DEFAULT.buffer(1).release();
    }
}
