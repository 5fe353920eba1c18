package dev.ringmaster.lb;

import dev.ringmaster.lb.admin.AdminApi;
import dev.ringmaster.lb.admin.BalanceApi;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.health.HttpProbe;
import dev.ringmaster.lb.lifecycle.ControlThread;
import dev.ringmaster.lb.lifecycle.Journal;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.lifecycle.OwnerLock;
import dev.ringmaster.lb.lifecycle.PoolChanges;
import dev.ringmaster.lb.lifecycle.ReplicaSupervisor;
import dev.ringmaster.lb.listener.Dispatchers;
import dev.ringmaster.lb.listener.Listener;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.docker.DockerProvider;
import dev.ringmaster.lb.provider.fixed.FixedProvider;
import dev.ringmaster.lb.provider.process.ProcessProvider;
import dev.ringmaster.lb.replica.ReplicaRegistry;
import dev.ringmaster.lb.telemetry.AccessLog;
import dev.ringmaster.lb.telemetry.ProxyMetrics;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole balancer: parts built in the order in which data flows, closed in reverse. */
public final class LoadBalancer {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);
    /** Clients that were about to connect as the stop began are still served. */
    private static final Duration LAST_CALL = Duration.ofMillis(200);

    private final Closing closing = new Closing();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final RoutingTables tables;
    private final AccessLog accessLog;
    private final ReplicaSupervisor supervisor;
    private final AdminApi admin;
    private final Listener main;
    private final Listener second;
    private volatile LoadBalancerConfig config;

    private LoadBalancer(LoadBalancerConfig config, LiveConfig live) throws IOException, ProviderException {
        this.config = config;
        boolean built = false;
        try {
            LifecycleOptions lifecycle = config.lifecycle();
            ReplicaProvider provider = closing.own(provider(config));
            if (provider.managed()) {
                closing.own(OwnerLock.take(lifecycle.stateDir(), lifecycle.pool()));
            }
            provider.check();
            if (lifecycle.keepReplicas() && !provider.outlives()) {
                throw new ProviderException("shutdown.replicas=keep: local replicas end with their balancer");
            }
            DataPlane.Loops loops = closing.own(DataPlane.Loops.start(config.listener()));
            accessLog = closing.own(AccessLog.toStandardOutput(config.telemetry()));
            ProxyMetrics metrics = new ProxyMetrics(loops.count());
            tables = new RoutingTables(config.balance(), closing.own(plugins(config.plugins())));
            ControlThread control = closing.own(ControlThread.start());
            ReplicaRegistry registry = new ReplicaRegistry();
            SecureRandom random = new SecureRandom();
            supervisor = new ReplicaSupervisor(
                    new ReplicaSupervisor.Parts(
                            control,
                            provider,
                            new HttpProbe(loops.group(), loops.transport().client(), alive(provider)),
                            registry,
                            new Journal(lifecycle.stateDir(), lifecycle.pool()),
                            tables::publish,
                            loops.count(),
                            random),
                    lifecycle,
                    config.health());
            admin = new AdminApi(
                    config.admin(),
                    closing.own(new PoolChanges(control, supervisor, registry, random)),
                    metrics::prometheusText,
                    closing.own(Executors.newVirtualThreadPerTaskExecutor()),
                    new BalanceApi(tables, live::texts, live::change));
            PoolMetrics.register(metrics, registry, tables, supervisor.stats(), accessLog);
            DataPlane plane =
                    DataPlane.start(config, loops, tables, new DataPlane.Reports(supervisor, metrics, accessLog));
            main = plane.listen(config.listener().bind(), config.listener().port(), Dispatchers.main(admin));
            second = plane.listen(config.admin().bind(), config.admin().port(), Dispatchers.second(admin));
            LOG.info("transport={} loops={}", loops.transport().name(), loops.count());
            built = true;
        } finally {
            if (!built) {
                closing.close();
            }
        }
    }

    /**
     * Starts a balancer and returns once it serves.
     *
     * @param live what callers of the admin interface are told of the configuration, and change
     * @throws StartupException with one clear line if it cannot
     */
    public static LoadBalancer start(LoadBalancerConfig config, LiveConfig live) throws StartupException {
        LoadBalancer balancer;
        try {
            balancer = new LoadBalancer(config, live);
        } catch (IOException | ProviderException | IllegalArgumentException cause) {
            throw new StartupException(String.valueOf(cause.getMessage()));
        }
        balancer.admin.warnIfOpen();
        balancer.awaitReplicas();
        return balancer;
    }

    private void awaitReplicas() throws StartupException {
        String failure = "no replica became healthy within " + START_DEADLINE.toSeconds() + "s";
        try {
            supervisor.start().toCompletableFuture().get(START_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            failure = String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
        } catch (TimeoutException late) {
            LOG.debug("start deadline passed");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
        stop();
        throw new StartupException(failure);
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
            main.leave();
            Thread.sleep(LAST_CALL);
            main.stopAccepting();
            second.leave();
            long deadline =
                    System.nanoTime() + config.lifecycle().drainTimeout().toNanos();
            while (main.open() > 0 && System.nanoTime() - deadline < 0) {
                Thread.sleep(Duration.ofMillis(20));
            }
            if (!config.lifecycle().keepReplicas()) {
                supervisor.stop().toCompletableFuture().join();
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        } finally {
            closing.close();
            stopped.countDown();
        }
    }

    /** Returns once the balancer has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }
}
