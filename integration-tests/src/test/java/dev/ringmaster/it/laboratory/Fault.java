package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Control.Remote;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Something that breaks for a while and is over when {@link #happen} returns. */
sealed interface Fault {
    void happen(Site site) throws IOException, InterruptedException;

    /** One replica misbehaves. */
    record Misbehave(int replica, Behaviour behaviour, double share, boolean heartbeats, long seed, long millis)
            implements Fault {
        @Override
        public void happen(Site site) throws InterruptedException {
            Remote remote = site.replica(replica);
            long from = System.nanoTime();
            remote.behave(behaviour, share, heartbeats, seed);
            Thread.sleep(millis);
            remote.behave(Behaviour.NORMAL, 1, false, 0);
            remote.sync();
            if (behaviour == Behaviour.REFUSE || behaviour == Behaviour.CLOSE_SOON) {
                site.windows().add(from, false);
            }
        }
    }

    /** One replica closes every connection on which it is waiting for a request. */
    record CutIdle(int replica) implements Fault {
        @Override
        public void happen(Site site) {
            Remote remote = site.replica(replica);
            long from = System.nanoTime();
            remote.command("CUT_IDLE");
            remote.sync();
            site.windows().add(from, false);
        }
    }

    /** One replica is frozen; after that it goes on, unless it has been replaced. */
    record Freeze(int replica, long millis) implements Fault {
        @Override
        public void happen(Site site) throws IOException, InterruptedException {
            Remote remote = site.replica(replica);
            long from = System.nanoTime();
            Site.signal(remote, "STOP");
            Thread.sleep(millis);
            Site.signal(remote, "CONT");
            site.windows().add(from, true);
            settle(site);
        }
    }

    /** One replica dies. */
    record Kill(int replica) implements Fault {
        @Override
        public void happen(Site site) throws IOException, InterruptedException {
            Remote remote = site.replica(replica);
            Awaitility.await().until(() -> remote.grown() || remote.gone());
            long from = System.nanoTime();
            Site.signal(remote, "KILL");
            Awaitility.await().until(remote::gone);
            site.windows().add(from, false);
            settle(site);
        }
    }

    /** So many replicas come, and as many go after a while. */
    record Scale(int n, long millis) implements Fault {
        @Override
        public void happen(Site site) throws IOException, InterruptedException {
            site.scale("POST", "/add", n);
            Thread.sleep(millis);
            site.scale("DELETE", "/rm", n);
            settle(site);
        }
    }

    /** The link of some replicas is bad. */
    record Disturb(Namespace where, Namespace.Disturbance disturbance, long millis) implements Fault {
        @Override
        public void happen(Site site) throws IOException, InterruptedException {
            long from = System.nanoTime();
            where.disturb(disturbance);
            try {
                Thread.sleep(millis);
            } finally {
                where.calm(disturbance);
                site.windows().add(from, true);
            }
            settle(site);
        }
    }

    /** Waits until the pool is whole again. */
    private static void settle(Site site) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(IOException.class)
                .until(() -> site.balancer().serving(Schedule.REPLICAS));
    }
}
