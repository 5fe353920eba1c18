package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.LoadBalancer;
import dev.ringmaster.lb.StartupException;
import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the balancer until a signal ends it. */
@Command(
        name = "serve",
        description = "Runs the balancer.",
        footer = {
            "",
            "Signals: TERM and INT stop it in order (a second one at once), HUP reads the configuration again."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--take-over",
            description = "Take ports and replicas over from the balancer that runs with the same state.dir, which then"
                    + " finishes its requests and ends; start as usual if there is none.")
    private boolean takeOver;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServeLoop loop =
                new ServeLoop(InstantSource.system(), () -> Runtime.getRuntime().halt(ExitCodes.FAILED));
        try {
            ConfigOptions.Loaded loaded = options.read(surroundings);
            // Before the start, so that a stop that is asked for during it does not leave half of the replicas behind;
            // and for good, so that a late signal does not change the exit code of an orderly stop.
            Signals.on("TERM", loop::wishStop);
            Signals.on("INT", loop::wishStop);
            Signals.on("HUP", loop::wishReload);
            AtomicReference<@Nullable LoadBalancer> running = new AtomicReference<>();
            ConfigReload reload = new ConfigReload(
                    loaded, changes -> options.read(surroundings, changes), next -> reload(running.get(), next));
            running.set(LoadBalancer.start(
                    loaded.config(),
                    reload,
                    new LoadBalancer.Succession(takeOver, loop::stopWished, loop::handedOver)));
            serve(Objects.requireNonNull(running.get()), reload, loop);
            return ExitCodes.OK;
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(wrong.problems());
        } catch (StartupException failure) {
            throw CommandFailure.failed(String.valueOf(failure.getMessage()));
        }
    }

    private static void serve(LoadBalancer balancer, ConfigReload reload, ServeLoop loop) throws InterruptedException {
        LOG.info("listening port={} admin-port={}", balancer.port(), balancer.adminPort());
        Thread.ofVirtual().start(() -> reportEnd(balancer, loop));
        loop.run(reload, () -> stop(balancer));
    }

    private static void reload(@Nullable LoadBalancer balancer, LoadBalancerConfig next) {
        if (balancer == null) {
            throw new IllegalArgumentException("The balancer is starting");
        }
        balancer.reload(next);
    }

    private static void stop(LoadBalancer balancer) {
        LOG.info("stopping");
        balancer.stop();
        LOG.info("stopped");
    }

    private static void reportEnd(LoadBalancer balancer, ServeLoop loop) {
        try {
            balancer.awaitStop();
            loop.ended();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
