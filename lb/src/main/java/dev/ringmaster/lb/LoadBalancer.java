package dev.ringmaster.lb;

import dev.ringmaster.lb.admin.AdminApi;
import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.admin.BalanceApi;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.handover.HandoverException;
import dev.ringmaster.lb.handover.Offer;
import dev.ringmaster.lb.health.HttpProbe;
import dev.ringmaster.lb.lifecycle.ControlThread;
import dev.ringmaster.lb.lifecycle.Journal;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.lifecycle.PoolChanges;
import dev.ringmaster.lb.lifecycle.PoolHandover;
import dev.ringmaster.lb.lifecycle.ReplicaSupervisor;
import dev.ringmaster.lb.listener.Dispatcher;
import dev.ringmaster.lb.listener.Dispatchers;
import dev.ringmaster.lb.listener.FrontendTimeouts;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.docker.DockerProvider;
import dev.ringmaster.lb.provider.fixed.FixedProvider;
import dev.ringmaster.lb.provider.process.ProcessProvider;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole balancer: parts built in the order in which data flows, closed in reverse. */
public final class LoadBalancer {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    /** Clients that were about to connect as the stop began are still served. */
    private static final Duration LAST_CALL = Duration.ofMillis(200);

    /** For those that have begun to connect: a long way to the other end and back. */
    private static final Duration UNDER_WAY = Duration.ofMillis(100);

    private static final Duration DRAIN_LOOK = Duration.ofMillis(20);

    private final Closing closing = new Closing();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final RoutingTables tables;
    private final AccessLog accessLog;
    private final ReplicaSupervisor supervisor;
    private final AdminApi admin;
    private final Listener main;
    private final Listener second;
    private final DataPlane.Loops loops;
    private final TakeOver takeOver;
    private final PoolHandover pool;
    private final Handover handover;
    private final boolean keepsReplicas;
    private volatile @Nullable Offer offered;
    private volatile LoadBalancerConfig config;

    /**
     * How this balancer follows another one, and the next one this.
     *
     * @param takeOver whether to take over from the balancer that runs with this state directory, if there is one
     * @param calledOff whether that is not wanted any more; asked before the other one is told to leave
     * @param left told when the next one has taken over: {@link #stop} is to be called then
     */
    public record Succession(boolean takeOver, BooleanSupplier calledOff, Runnable left) {}

    private LoadBalancer(LoadBalancerConfig config, LiveConfig live, Succession succession)
            throws IOException, ProviderException, HandoverException, InterruptedException {
        this.config = config;
        boolean built = false;
        try {
            LifecycleOptions lifecycle = config.lifecycle();
            loops = closing.own(DataPlane.Loops.start(config.listener()));
            takeOver = closing.own(TakeOver.begin(succession.takeOver(), loops, lifecycle));
            ReplicaProvider provider = closing.own(provider(config));
            keepsReplicas = lifecycle.keepReplicas();
            if (keepsReplicas && !provider.outlives()) {
                throw new ProviderException("shutdown.replicas=keep: local replicas end with their balancer");
            }
            Ownership ownership = closing.own(new Ownership(provider, lifecycle));
            takeOver.pool(ownership, provider);
            accessLog = closing.own(AccessLog.toStandardOutput(config.telemetry()));
            ProxyMetrics metrics = new ProxyMetrics(loops.count());
            tables = new RoutingTables(config.balance(), closing.own(plugins(config.plugins())));
            ControlThread control = closing.own(ControlThread.start());
            ReplicaRegistry registry = new ReplicaRegistry();
            SecureRandom random = new SecureRandom();
            supervisor = new ReplicaSupervisor(parts(control, provider, registry, random), lifecycle, config.health());
            pool = new PoolHandover(control, supervisor);
            admin = new AdminApi(
                    config.admin(),
                    closing.own(new PoolChanges(control, supervisor, registry, random)),
                    metrics::prometheusText,
                    closing.own(Executors.newVirtualThreadPerTaskExecutor()),
                    new BalanceApi(tables, live::texts, live::change));
            PoolMetrics.register(metrics, registry, tables, supervisor.stats(), accessLog);
            Upkeep.start(control, tables);
            DataPlane plane =
                    DataPlane.start(config, loops, tables, new DataPlane.Reports(supervisor, metrics, accessLog));
            main = listen(plane, TakeOver.MAIN, address(config.listener()), Dispatchers.main(admin));
            second = listen(plane, TakeOver.SECOND, address(config.admin()), Dispatchers.second(admin));
            handover = new Handover(ownership, pool, List.of(main, second), succession.left());
            LOG.info("transport={} loops={}", loops.transport().name(), loops.count());
            built = true;
        } finally {
            if (!built) {
                closing.close();
            }
        }
    }

    private ReplicaSupervisor.Parts parts(
            ControlThread control, ReplicaProvider provider, ReplicaRegistry registry, SecureRandom random) {
        LifecycleOptions lifecycle = config.lifecycle();
        return new ReplicaSupervisor.Parts(
                control,
                provider,
                new HttpProbe(loops.group(), loops.transport().client(), alive(provider)),
                registry,
                new Journal(lifecycle.stateDir(), lifecycle.pool()),
                tables::publish,
                loops.count(),
                random);
    }

    private Listener listen(DataPlane plane, int which, InetSocketAddress address, Dispatcher dispatcher)
            throws IOException {
        return plane.listen(
                address, takeOver.listener(which), new Listener.Edge(dispatcher, FrontendTimeouts.STANDARD));
    }

    private static InetSocketAddress address(ListenerOptions options) {
        return new InetSocketAddress(options.bind(), options.port());
    }

    private static InetSocketAddress address(AdminOptions options) {
        return new InetSocketAddress(options.bind(), options.port());
    }

    /**
     * Starts a balancer and returns once it serves.
     *
     * @param live what callers of the admin interface are told of the configuration, and change
     * @throws StartupException with one clear line if it cannot
     */
    public static LoadBalancer start(LoadBalancerConfig config, LiveConfig live, Succession succession)
            throws StartupException {
        try {
            LoadBalancer balancer = new LoadBalancer(config, live, succession);
            balancer.admin.warnIfOpen();
            balancer.awaitReplicas();
            balancer.succeed(succession.calledOff());
            return balancer;
        } catch (IOException | ProviderException | HandoverException | IllegalArgumentException cause) {
            throw new StartupException(String.valueOf(cause.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted");
        }
    }

    private void awaitReplicas() throws StartupException, InterruptedException {
        if (takeOver.underWay()) {
            pool.holdFromTheStart();
        }
        String failure = "no replica became healthy within " + START_DEADLINE.toSeconds() + "s";
        try {
            supervisor.start().toCompletableFuture().get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            failure = String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
        } catch (TimeoutException late) {
            LOG.debug("start deadline passed");
        }
        giveUp();
        throw new StartupException(failure);
    }

    /** Of replicas that another balancer has still, none may be touched. */
    private void giveUp() {
        if (takeOver.underWay()) {
            closing.close();
            stopped.countDown();
        } else {
            stop();
        }
    }

    /** From here on this balancer serves, alone, and offers the same to the next one. */
    private void succeed(BooleanSupplier calledOff) throws HandoverException, InterruptedException {
        boolean alone = false;
        try {
            if (takeOver.underWay() && calledOff.getAsBoolean()) {
                throw new HandoverException("called off");
            }
            takeOver.complete();
            alone = true;
        } finally {
            if (!alone) {
                giveUp();
            }
        }
        main.accept();
        second.accept();
        pool.resume();
        takeOver.close();
        if (loops.transport().adopts()) {
            offer();
        }
    }

    private void offer() {
        Path socket = Handover.socket(config.lifecycle());
        try {
            Files.createDirectories(config.lifecycle().stateDir());
            offered = closing.own(Offer.make(loops.group(), socket, handover));
        } catch (IOException failed) {
            LOG.info("handover=unavailable reason=\"{}\"", failed.getMessage());
        }
    }

    private static ReplicaProvider provider(LoadBalancerConfig config) {
        return switch (config.provider()) {
            case LoadBalancerConfig.Provider.LocalProcess(var options) ->
                new ProcessProvider(
                        options,
                        config.lifecycle().stateDir(),
                        config.lifecycle().pool());
            case LoadBalancerConfig.Provider.Docker(var options) ->
                new DockerProvider(options, config.lifecycle().pool());
            case LoadBalancerConfig.Provider.Fixed(var options) -> new FixedProvider(options);
        };
    }

    /** A managed replica says 200 to its heartbeat; of somebody else's server any answer but its own failure will do. */
    private static IntPredicate alive(ReplicaProvider provider) {
        return provider.managed() ? status -> status == 200 : status -> status < 500;
    }

    private static URLClassLoader plugins(List<Path> jars) throws IOException {
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        return new URLClassLoader("plugins", urls, LoadBalancer.class.getClassLoader());
    }

    /** The main port in use. */
    public int port() {
        return main.port();
    }

    /** The second port in use. */
    public int adminPort() {
        return second.port();
    }

    /**
     * Follows another configuration as far as a running balancer can.
     *
     * @throws IllegalArgumentException if it names a policy or a hash that does not exist; nothing has changed then
     */
    public void reload(LoadBalancerConfig next) {
        tables.reconfigure(next.balance());
        supervisor.reconfigure(next.lifecycle(), next.health());
        admin.reconfigure(next.admin());
        accessLog.reconfigure(next.telemetry());
        config = next;
    }

    /** Stops in order: takes no more requests, finishes those under way, drains and stops the replicas. Blocks. */
    public synchronized void stop() {
        if (stopped.getCount() == 0) {
            return;
        }
        try {
            awaitHandover();
            boolean alone = handover.endsAlone();
            main.leave();
            second.leave();
            if (!alone) {
                main.stopAccepting();
            } else {
                Thread.sleep(LAST_CALL);
                main.lastCall();
                Thread.sleep(UNDER_WAY);
                await(() -> main.waiting() == 0, config.lifecycle().drainTimeout());
                main.stopAccepting();
                main.closeIdle();
            }
            second.closeIdle();
            drain(config.lifecycle().drainTimeout());
            if (!alone) {
                // A client that keeps its connection could send as it is closed: so not before there is no more time.
                main.closeIdle();
                drain(LAST_CALL);
            }
            // Asked again: a next one may have failed meanwhile.
            if (handover.endsAlone() && !keepsReplicas) {
                supervisor.stop().toCompletableFuture().join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } finally {
            closing.close();
            stopped.countDown();
        }
    }

    /** Until the one that is under way, if there is one, has come to its end; another one does not begin. */
    private void awaitHandover() throws InterruptedException {
        Offer made = offered;
        if (made != null && !made.withdraw(config.lifecycle().drainTimeout())) {
            LOG.warn("handover=unfinished");
        }
    }

    private void drain(Duration most) throws InterruptedException {
        await(() -> main.open() == 0, most);
    }

    private static void await(BooleanSupplier condition, Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - deadline < 0) {
            Thread.sleep(DRAIN_LOOK);
        }
    }

    /** Returns once the balancer has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }
}
