package dev.ringmaster.lb.provider.fixed;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.provider.RunningReplica;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Replicas at fixed addresses: each is listed once, with its address as its name, in the order configured. */
public final class FixedProvider implements ReplicaProvider {
    private static final int DEFAULT_PORT = 80;

    private final FixedOptions options;

    public FixedProvider(FixedOptions options) {
        this.options = options;
    }

    @Override
    public boolean managed() {
        return false;
    }

    @Override
    public boolean outlives() {
        return true;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public void check() throws ProviderException {
        if (options.addresses().isEmpty()) {
            throw new ProviderException("provider-fixed.addresses names no address");
        }
        list();
    }

    @Override
    public List<RunningReplica> list() throws ProviderException {
        List<RunningReplica> replicas = new ArrayList<>();
        Set<HostAndPort> seen = new HashSet<>();
        for (HostAndPort address : options.addresses()) {
            if (!seen.add(address)) {
                throw new ProviderException("provider-fixed.addresses names " + address + " twice");
            }
            ReplicaSpec spec = new ReplicaSpec(ReplicaId.random(), address.toString(), replicas.size());
            replicas.add(new RunningReplica(spec, resolved(address)));
        }
        return replicas;
    }

    private static InetSocketAddress resolved(HostAndPort address) throws ProviderException {
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(address.getHost()), address.getPortOrDefault(DEFAULT_PORT));
        } catch (UnknownHostException unknown) {
            throw new ProviderException("provider-fixed.addresses: unknown host '" + address.getHost() + "'", unknown);
        }
    }

    @Override
    public RunningReplica start(ReplicaSpec spec, Duration deadline) throws ProviderException {
        throw new ProviderException("replicas at fixed addresses are not started here");
    }

    @Override
    public void stop(ReplicaId id, Duration grace) {
        // Somebody else runs them.
    }

    @Override
    public void watch(Events events) {
        // Only heartbeats tell.
    }

    /** Nothing: they are nobody's. */
    @Override
    public List<String> release() {
        return List.of();
    }

    @Override
    public void inherit(List<String> released) {
        // Both read their addresses from the configuration.
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
