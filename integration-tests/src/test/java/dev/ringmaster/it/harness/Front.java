package dev.ringmaster.it.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts a balancer in front of origins that the test runs itself. */
public final class Front {
    private Front() {}

    /** One origin and no heartbeats, so that it hears only what clients say. */
    public static Balancer of(int originPort, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("health.interval=24h");
        return of(List.of(originPort), all.toArray(String[]::new));
    }

    /** Heartbeats as the settings say. */
    public static Balancer of(List<Integer> originPorts, String... settings) throws Exception {
        String addresses = originPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        List<String> all = new ArrayList<>(List.of("provider=fixed", "provider-fixed.addresses=" + addresses));
        all.add("transport=" + Transport.NAME);
        all.addAll(List.of(settings));
        Balancer balancer = Balancer.start(all.toArray(String[]::new));
        assertThat(balancer.log()).as("transport in use").anyMatch(Transport::inUse);
        return balancer;
    }
}
