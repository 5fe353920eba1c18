package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.Dispatcher;
import dev.ringmaster.lb.listener.FrontendTimeouts;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.listener.Transports;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
import dev.ringmaster.lb.proxy.Exchange;
import dev.ringmaster.lb.proxy.ProxyLoop;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.replica.InFlight;
import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaId;
import dev.ringmaster.lb.replica.ReplicaObserver;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.ReplicaState;
import dev.ringmaster.lb.replica.Slot;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.AccessLogWriters;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A data plane without a control plane: the test publishes the pool itself. */
final class DataPlaneFixture implements AutoCloseable {
    static final int LOOPS = 2;
    /** A peer whose word about others counts. */
    static final String TRUSTED = "127.0.0.2";
    /** Far longer than any test: what is not the matter of a test is not given up because the machine stands still. */
    static final Duration LONG = Duration.ofMinutes(5);

    final List<Replica> refused = new CopyOnWriteArrayList<>();
    /** How many failures in a row were told, each time that one was. */
    final List<Integer> failed = new CopyOnWriteArrayList<>();

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
    record Settings(
            ProxyOptions proxy,
            FrontendTimeouts timeouts,
            List<String> key,
            long maxBody,
            int loops,
            int inFlight,
            boolean routeHeader) {
        static final Settings DEFAULT = new Settings(
                new ProxyOptions(
                        LONG,
                        Duration.ofSeconds(1),
                        new ProxyOptions.Retry(64 << 10, Duration.ZERO, false),
                        new ProxyOptions.Pending(1000, Duration.ofMillis(40)),
                        false),
                new FrontendTimeouts(LONG, LONG, LONG, LONG),
                List.of("random"),
                1 << 20,
                LOOPS,
                10_000,
                false);

        Settings with(ProxyOptions other) {
            return new Settings(other, timeouts, key, maxBody, loops, inFlight, routeHeader);
        }

        Settings with(FrontendTimeouts other) {
            return new Settings(proxy, other, key, maxBody, loops, inFlight, routeHeader);
        }

        Settings key(String... chain) {
            return new Settings(proxy, timeouts, List.of(chain), maxBody, loops, inFlight, routeHeader);
        }

        Settings maxBody(long bytes) {
            return new Settings(proxy, timeouts, key, bytes, loops, inFlight, routeHeader);
        }

        Settings oneLoop() {
            return new Settings(proxy, timeouts, key, maxBody, 1, inFlight, routeHeader);
        }

        Settings tellingTheRoute() {
            return new Settings(proxy, timeouts, key, maxBody, loops, inFlight, true);
        }

        Settings responseTimeout(Duration timeout) {
            return with(new ProxyOptions(
                    timeout, proxy.waitForReplica(), proxy.retry(), proxy.pending(), proxy.translateNotFound()));
        }

        Settings waitForReplica(Duration longest) {
            return with(new ProxyOptions(
                    proxy.responseTimeout(), longest, proxy.retry(), proxy.pending(), proxy.translateNotFound()));
        }

        Settings translateNotFound() {
            return with(new ProxyOptions(
                    proxy.responseTimeout(), proxy.waitForReplica(), proxy.retry(), proxy.pending(), true));
        }

        Settings tryTimeout(Duration longest) {
            return retry(new ProxyOptions.Retry(proxy.retry().bodyBuffer(), longest, false));
        }

        Settings hedged() {
            return retry(new ProxyOptions.Retry(proxy.retry().bodyBuffer(), Duration.ZERO, true));
        }

        private Settings retry(ProxyOptions.Retry retry) {
            return with(new ProxyOptions(
                    proxy.responseTimeout(),
                    proxy.waitForReplica(),
                    retry,
                    proxy.pending(),
                    proxy.translateNotFound()));
        }

        /** At most so many requests in flight of a replica, so many that wait, and for so long. */
        Settings limit(int most, int pending, Duration wait) {
            ProxyOptions limited = new ProxyOptions(
                    proxy.responseTimeout(),
                    proxy.waitForReplica(),
                    proxy.retry(),
                    new ProxyOptions.Pending(pending, wait),
                    proxy.translateNotFound());
            return new Settings(limited, timeouts, key, maxBody, loops, most, routeHeader);
        }
    }

    DataPlaneFixture(Settings settings, Transports transports, Duration connectTimeout) throws IOException {
        LoadBalancerConfig config = config(settings, connectTimeout);
        tables = new RoutingTables(config.balance(), DataPlaneFixture.class.getClassLoader());
        loops = DataPlane.Loops.start(transports, settings.loops());
        DataPlane plane = DataPlane.start(config, loops, tables, new DataPlane.Reports(observer(), metrics, accessLog));
        Dispatcher recording = (loop, client, head) -> {
            Exchange exchange = new Exchange(loop, client, head);
            taken.add(new Taken(loop, exchange));
            return exchange;
        };
        listener = plane.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                OptionalInt.empty(),
                new Listener.Edge(recording, settings.timeouts()));
    }

    private ReplicaObserver observer() {
        return new ReplicaObserver() {
            @Override
            public void connectFailed(Replica replica, Throwable cause) {
                // Netty has a thread of its own for what became of channels that could not be opened.
                assertThat(Thread.currentThread().getName()).doesNotStartWith("globalEventExecutor");
                refused.add(replica);
            }

            @Override
            public void requestFailed(Replica replica, int inARow) {
                failed.add(inARow);
            }
        };
    }

    private static LoadBalancerConfig config(Settings settings, Duration connectTimeout) {
        return new LoadBalancerConfig(
                new ListenerOptions("127.0.0.1", 0, settings.loops(), ListenerOptions.Transport.AUTO),
                new ForwardingOptions(List.of(Cidr.parse(TRUSTED)), "ringmaster", settings.maxBody()),
                settings.proxy(),
                new BalanceOptions(
                        "consistent-hash",
                        new BalanceOptions.HashRing("rendezvous", "farmhash64", 512, 9, "linear", "balanced"),
                        settings.key(),
                        new BalanceOptions.Tuning(
                                1.25,
                                2,
                                BalanceOptions.Tuning.DEFAULTS.sticky(),
                                settings.inFlight(),
                                settings.routeHeader(),
                                0,
                                Duration.ZERO)),
                new UpstreamOptions(connectTimeout, LONG),
                new HealthOptions(
                        "/heartbeat",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        2,
                        1,
                        new OutlierOptions(
                                false, 5, Duration.ofSeconds(1), 0, Duration.ofSeconds(1), Duration.ofSeconds(1), 50)),
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

    /** What came of the requests to all replicas that there ever were. */
    OutcomeCounts outcomes() {
        return known.stream()
                .map(replica -> replica.outcomes().counts())
                .reduce(OutcomeCounts.NONE, OutcomeCounts::plus);
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
        AccessLogWriters.awaitEnd();
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
