package dev.ringmaster.lb;

import dev.ringmaster.lb.handover.HandoverException;
import dev.ringmaster.lb.handover.Predecessor;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a starting balancer gets from the one that runs, where it is to take over from it; else nothing. */
final class TakeOver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
    /** The listening sockets in the order in which they are handed over. */
    static final int MAIN = 0;

    static final int SECOND = 1;
    private static final int LISTENERS = 2;

    private final @Nullable Predecessor predecessor;

    private TakeOver(@Nullable Predecessor predecessor) {
        this.predecessor = predecessor;
    }

    /** Meets the balancer that runs, if there is one. */
    static TakeOver begin(boolean wanted, DataPlane.Loops loops, LifecycleOptions options)
            throws HandoverException, InterruptedException {
        if (!wanted) {
            return new TakeOver(null);
        }
        if (!loops.transport().adopts()) {
            throw new HandoverException("--take-over needs transport=epoll: with "
                    + loops.transport().name() + " a balancer cannot listen on another one's sockets");
        }
        Path socket = Handover.socket(options);
        Optional<Predecessor> found = Predecessor.meet(loops.group(), socket, LISTENERS);
        LOG.info("take-over={} socket={}", found.isPresent(), socket);
        return new TakeOver(found.orElse(null));
    }

    /** Takes the pool as soon as the balancer that runs has given it up, if there is one. */
    void pool(Ownership ownership, ReplicaProvider provider)
            throws IOException, ProviderException, HandoverException, InterruptedException {
        if (predecessor != null) {
            List<String> released = predecessor.release();
            if (underWay()) {
                provider.inherit(released);
            }
        }
        ownership.take();
    }

    /** Whether another balancer lives that serves until this one does, so that its replicas are not to be touched. */
    boolean underWay() {
        return predecessor != null && !predecessor.gone();
    }

    OptionalInt listener(int index) {
        return predecessor == null ? OptionalInt.empty() : OptionalInt.of(predecessor.listener(index));
    }

    /** When it returns, the other balancer accepts no more. */
    void complete() throws HandoverException, InterruptedException {
        if (predecessor != null) {
            predecessor.serve();
        }
    }

    @Override
    public void close() {
        if (predecessor != null) {
            predecessor.close();
        }
    }
}
