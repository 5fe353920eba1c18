package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.lb.health.OutlierDetector.Change;
import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.Ejection.Reason;
import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.Outcomes;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/** A pool that serves in simulated time, and what becomes of its replicas. */
final class SimulatedTraffic {
    static final OutlierOptions OPTIONS = options(true, 5, 5);

    static final long MILLI = 1_000_000;

    static final long SEED = 20_261_121;
    static final Duration LOOK = Duration.ofMillis(100);

    final SplittableRandom random = new SplittableRandom(SEED);
    final List<Simulated> replicas = new ArrayList<>();
    OutlierOptions options = OPTIONS;
    final OutlierDetector detector;
    /** Requests a replica and second. */
    int rate = 400;

    int silent;
    long now = 1;

    static OutlierOptions options(boolean enabled, int failures, double latencyFactor) {
        return new OutlierOptions(
                enabled,
                failures,
                Duration.ofMillis(500),
                latencyFactor,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                50);
    }

    SimulatedTraffic(int count) {
        detector = new OutlierDetector(() -> options, now);
        for (int i = 0; i < count; i++) {
            replicas.add(new Simulated());
        }
    }

    Simulated replica(int index) {
        return replicas.get(index);
    }

    long out() {
        return replicas.stream()
                .filter(replica -> replica.answersHeartbeats && replica.ejection != null)
                .count();
    }

    SimulatedTraffic run(Duration duration) {
        long until = now + duration.toNanos();
        while (now < until) {
            for (Simulated replica : replicas) {
                double due = replica.ejection == null && replica.answersHeartbeats ? rate / 10.0 : 0;
                int requests = (int) due + (random.nextDouble() < due - (int) due ? 1 : 0);
                for (int i = 0; i < requests; i++) {
                    replica.serve(random, detector);
                }
            }
            now += LOOK.toNanos();
            look();
        }
        return this;
    }

    void look() {
        Map<ReplicaId, OutcomeCounts> serving = new LinkedHashMap<>();
        replicas.stream()
                .filter(replica -> replica.answersHeartbeats)
                .forEach(replica -> serving.put(replica.id, replica.outcomes.counts()));
        replicas.stream().filter(replica -> !replica.answersHeartbeats).forEach(replica -> replica.ejection = null);
        for (Change change : detector.look(now, serving, silent)) {
            Simulated replica = replicas.stream()
                    .filter(one -> one.id.equals(change.id()))
                    .findFirst()
                    .orElseThrow();
            switch (change) {
                case Change.Eject eject -> {
                    assertThat(replica.ejection).isNull();
                    replica.ejection = eject.ejection();
                    replica.ejections.add(Duration.ofNanos(eject.ejection().until() - now));
                }
                case Change.Return back -> {
                    assertThat(replica.ejection).isNotNull();
                    assertThat(back.served()).isEqualTo(now - replica.ejection.until() >= 0);
                    replica.lifted += back.served() ? 0 : 1;
                    replica.ejection = null;
                }
            }
        }
    }

    Reason reason(int index) {
        Ejection ejection = replica(index).ejection;
        return ejection == null ? null : ejection.reason();
    }

    /** How one replica serves, and what became of it. */
    static final class Simulated {
        final ReplicaId id = ReplicaId.random();
        final Outcomes outcomes = new Outcomes(1);
        double failing;
        LongSupplier nanos = () -> 3 * MILLI;
        boolean hangs;
        boolean answersHeartbeats = true;
        Ejection ejection;
        final List<Duration> ejections = new ArrayList<>();
        int lifted;

        void serve(SplittableRandom random, OutlierDetector detector) {
            outcomes.sent(0);
            if (hangs) {
                return;
            }
            outcomes.answered(0, nanos.getAsLong());
            if (random.nextDouble() < failing) {
                int row = outcomes.failed(0);
                if (row >= OPTIONS.failures()) {
                    detector.failed(id, row);
                }
            } else {
                outcomes.good(0);
            }
        }

        void recover() {
            failing = 0;
            while (hangs && outcomes.counts().awaiting() > 0) {
                outcomes.unanswered(0);
            }
            hangs = false;
        }
    }
}
