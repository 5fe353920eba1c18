package dev.ringmaster.lb.provider;

import java.net.InetSocketAddress;

/**
 * A replica that was started; whether it answers is another matter.
 *
 * @param spec what was asked for
 * @param address where it listens, resolved
 */
public record RunningReplica(ReplicaSpec spec, InetSocketAddress address) {
    /** The same replica, in another slot than the one it was started for. */
    public RunningReplica in(int slot) {
        return new RunningReplica(new ReplicaSpec(spec.id(), spec.name(), slot), address);
    }
}
