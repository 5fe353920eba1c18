package dev.ringmaster.lb;

import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The balancer. */
public final class LoadBalancer {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final LoadBalancerConfig config;

    private LoadBalancer(LoadBalancerConfig config) {
        this.config = config;
    }

    public static LoadBalancer start(LoadBalancerConfig config) throws StartupException {
        if (config.lifecycle().replicas() < 0) {
            throw new StartupException("no replicas");
        }
        return new LoadBalancer(config);
    }

    public int port() {
        return config.listener().port();
    }

    public int adminPort() {
        return config.admin().port();
    }

    public List<String> reload(LoadBalancerConfig changed) {
        return changed.equals(config) ? List.of() : List.of("port");
    }

    public void stop() {
        stopped.countDown();
    }

    public void awaitStop() throws InterruptedException {
        stopped.await();
    }
}
