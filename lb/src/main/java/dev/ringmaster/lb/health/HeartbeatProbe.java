package dev.ringmaster.lb.health;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Asks one replica whether it is alive. */
@FunctionalInterface
public interface HeartbeatProbe {
    /** Sends one heartbeat; {@code outcome} is called exactly once, on any thread, within the timeout. */
    void probe(InetSocketAddress address, HealthOptions options, Consumer<ProbeResult> outcome);
}
