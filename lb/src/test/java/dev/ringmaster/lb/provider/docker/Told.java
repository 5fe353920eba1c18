package dev.ringmaster.lb.provider.docker;

import dev.ringmaster.lb.provider.ReplicaProvider;
import dev.ringmaster.lb.replica.ReplicaId;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** All that a provider tells, in order. */
final class Told implements ReplicaProvider.Events {
    /**
     * One thing told.
     *
     * @param what the method's name
     * @param killed of {@code exited}, else false
     * @param atMillis wall clock
     */
    record News(String what, ReplicaId id, String reason, boolean killed, long atMillis) {}

    private final BlockingQueue<News> all = new LinkedBlockingQueue<>();

    private void add(String what, ReplicaId id, String reason, boolean killed) {
        all.add(new News(what, id, reason, killed, System.currentTimeMillis()));
    }

    @Override
    public void exited(ReplicaId id, ReplicaProvider.Exit exit) {
        add("exited", id, exit.reason(), exit.killed());
    }

    @Override
    public void ending(ReplicaId id, String reason) {
        add("ending", id, reason, false);
    }

    @Override
    public void suspended(ReplicaId id, String reason) {
        add("suspended", id, reason, false);
    }

    @Override
    public void doubted(ReplicaId id, String reason) {
        add("doubted", id, reason, false);
    }

    /** What is told next; waits for it. */
    News next() throws InterruptedException {
        return Objects.requireNonNull(all.poll(1, TimeUnit.MINUTES), "nothing more was told");
    }

    /** The next that is no mere consequence: networks come and go with their containers. */
    News next(String what) throws InterruptedException {
        News news = next();
        while (!news.what().equals(what)) {
            news = next();
        }
        return news;
    }

    boolean nothing() {
        return all.isEmpty();
    }
}
