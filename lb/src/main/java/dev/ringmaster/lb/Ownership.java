package dev.ringmaster.lb;

import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.lifecycle.OwnerLock;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaProvider;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The right to manage the pool: the lock of this host, and whatever its provider has beside it. */
final class Ownership implements AutoCloseable {
    private final ReplicaProvider provider;
    private final LifecycleOptions options;
    private @Nullable OwnerLock lock;
    private boolean closed;

    Ownership(ReplicaProvider provider, LifecycleOptions options) {
        this.provider = provider;
        this.options = options;
    }

    /** Takes the pool; fails with one clear line if another balancer has it. */
    synchronized void take() throws IOException, ProviderException {
        if (closed) {
            throw new IOException("the balancer is stopping");
        }
        if (provider.managed() && lock == null) {
            lock = OwnerLock.take(options.stateDir(), options.pool());
        }
        provider.check();
    }

    /** Gives it up; what the next owner has to know. */
    synchronized List<String> release() throws IOException, ProviderException {
        List<String> pool = provider.release();
        unlock();
        return pool;
    }

    private void unlock() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        unlock();
    }
}
