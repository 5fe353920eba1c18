package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.LoadBalancer;
import dev.ringmaster.lb.StartupException;
import dev.ringmaster.lb.config.ConfigException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            serve(loaded, LoadBalancer.start(loaded.config()), loop);
            return ExitCodes.OK;
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(wrong.problems());
        } catch (StartupException failure) {
            throw CommandFailure.failed(String.valueOf(failure.getMessage()));
        }
    }

    private void serve(ConfigOptions.Loaded loaded, LoadBalancer balancer, ServeLoop loop) throws InterruptedException {
        LOG.info("listening port={} admin-port={}", balancer.port(), balancer.adminPort());
        Thread.ofVirtual().start(() -> reportEnd(balancer, loop));
        loop.run(new ConfigReload(loaded, () -> options.read(surroundings), balancer::reload), () -> stop(balancer));
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
