package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.docker.DockerAgent;
import dev.ringmaster.lb.provider.docker.DockerOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Speaks to the Docker engine for a balancer that may not, until a signal ends it. */
@Command(
        name = "docker-agent",
        description = "Starts and stops the pool's containers for a balancer without access to the Docker engine.",
        footer = {
            "",
            "Both read provider-docker.agent, the socket between them, and pool; the agent alone reads what the",
            "containers are made of. Only processes of the agent's own user may call."
        })
final class DockerAgentCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DockerAgentCommand.class);

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    DockerAgentCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try {
            LoadBalancerConfig config = options.read(surroundings).config();
            if (!(config.provider() instanceof LoadBalancerConfig.Provider.Docker(DockerOptions docker))) {
                throw CommandFailure.failed("an agent needs provider=docker");
            }
            if (docker.agent().toString().isEmpty()) {
                throw CommandFailure.failed("provider-docker.agent names no socket to listen at");
            }
            LifecycleOptions lifecycle = config.lifecycle();
            Signals.on("TERM", end::countDown);
            Signals.on("INT", end::countDown);
            // Twice the limit: those that leave are there until they have ended.
            int most = 2 * lifecycle.replicaLimit() + lifecycle.spares();
            try (DockerAgent _ = DockerAgent.start(docker, lifecycle.pool(), most)) {
                LOG.info("agent={} pool={} listening", docker.agent(), lifecycle.pool());
                end.await();
            }
            LOG.info("stopped");
            return ExitCodes.OK;
        } catch (ConfigException wrong) {
            throw CommandFailure.usage(wrong.problems());
        } catch (ProviderException | IOException failure) {
            throw CommandFailure.failed(String.valueOf(failure.getMessage()));
        }
    }
}
