package dev.ringmaster.lb.health;

import dev.ringmaster.lb.replica.Ejection;
import dev.ringmaster.lb.replica.Ejection.Reason;
import dev.ringmaster.lb.replica.OutcomeCounts;
import dev.ringmaster.lb.replica.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells from counts which replicas serve so much worse than the others that they are to sit out, and when they are back.
 * Looks come regularly; failures in a row are judged at every one, success rates and latencies once an interval, over the
 * last 1, 2, 4, 8 and 16 of them, so that much traffic gives a verdict soon and little traffic gives one at all.
 *
 * <p>If more replicas are outliers than may be out, the fault is not theirs: then all are in. That lasts until a second
 * has passed without such a look. Pure: no clock, no thread of its own; one thread.
 */
public final class OutlierDetector {
    private static final Duration PANIC = Duration.ofSeconds(1);
    /** A replica that leaves all its requests unanswered for so long is slow, if the others are fast. */
    private static final Duration SILENCE = Duration.ofSeconds(1);
    /** One that has just begun to serve is slower than the others until it is warm: its times do not count so long. */
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    /** Looks that lie further apart come from a thread that was held up: silence in between is our own. */
    private static final Duration STALL = Duration.ofMillis(350);

    private final Supplier<OutlierOptions> options;
    private final Map<ReplicaId, Watch> watches = new LinkedHashMap<>();
    private long lookedAt;
    private long turnedAt;
    private boolean turned;
    private boolean panic;
    private long panicUntil;

    /** What a look changes. */
    public sealed interface Change {
        ReplicaId id();

        /** It gets no requests for a while. */
        record Eject(ReplicaId id, Ejection ejection) implements Change {}

        /** It gets requests again: its time is over, or the fault was not its own. */
        record Return(ReplicaId id, boolean served) implements Change {}
    }

    private static final class Watch {
        private final Traffic traffic;
        private final Sentence sentence = new Sentence();
        private final long warmAt;

        Watch(OutcomeCounts first, long now) {
            traffic = new Traffic(first, now);
            warmAt = now + WARM_UP.toNanos();
        }

        /** Whether it was warm all through the last so many nanoseconds. */
        boolean warmFor(long nanos, long now) {
            return now - nanos - warmAt >= 0;
        }

        boolean compares() {
            return !sentence.running();
        }
    }

    public OutlierDetector(Supplier<OutlierOptions> options, long now) {
        this.options = options;
        this.lookedAt = now;
        this.turnedAt = now;
        this.panicUntil = now;
    }

    /** An event loop saw so many failures of a replica in a row: the next look judges them. */
    public void failed(ReplicaId id, int inARow) {
        Watch watch = watches.get(id);
        if (watch != null) {
            watch.traffic.reported(inARow);
        }
    }

    /** Whether more replicas are outliers than may be out, so that none is. */
    public boolean panics() {
        return panic;
    }

    /**
     * Judges all replicas.
     *
     * @param now on the clock of {@link System#nanoTime}
     * @param serving counts so far of the replicas that answer heartbeats; one that is missing is forgotten, whatever it did
     * @param silent how many beside these are out because heartbeats are not answered, which may be our own fault
     */
    public List<Change> look(long now, Map<ReplicaId, OutcomeCounts> serving, int silent) {
        OutlierOptions rules = options.get();
        follow(now, serving, rules);
        List<Change> changes = new ArrayList<>();
        release(changes, now, watch -> !rules.enabled() || watch.sentence.served(now), Sentence::end);
        Map<ReplicaId, Reason> outliers = rules.enabled() ? outliers(now, rules) : Map.of();
        int out = outliers.size();
        for (Watch watch : watches.values()) {
            out += watch.sentence.running() ? 1 : 0;
        }
        if (out > 0 && silent + out > rules.allowed(silent + serving.size())) {
            panic = serving.size() > 1;
            panicUntil = now + PANIC.toNanos();
            release(changes, now, _ -> true, Sentence::lift);
        } else if (now - panicUntil >= 0) {
            panic = false;
            outliers.forEach((id, reason) -> changes.add(eject(id, reason, now, rules)));
        }
        return changes;
    }

    private void follow(long now, Map<ReplicaId, OutcomeCounts> serving, OutlierOptions rules) {
        boolean stalled = now - lookedAt > STALL.toNanos();
        lookedAt = now;
        turned = now - turnedAt >= rules.interval().toNanos();
        turnedAt = turned ? now : turnedAt;
        watches.keySet().retainAll(serving.keySet());
        serving.forEach((id, counts) -> {
            Watch watch = watches.computeIfAbsent(id, _ -> new Watch(counts, now));
            watch.traffic.look(counts, rules.failures(), now);
            if (stalled) {
                watch.traffic.heard(now);
            }
        });
    }

    private void release(List<Change> changes, long now, Predicate<Watch> whom, ObjLongConsumer<Sentence> how) {
        watches.forEach((id, watch) -> {
            if (watch.sentence.running() && whom.test(watch)) {
                changes.add(new Change.Return(id, watch.sentence.served(now)));
                how.accept(watch.sentence, now);
                watch.traffic.forget(now);
            }
        });
    }

    private Change eject(ReplicaId id, Reason reason, long now, OutlierOptions rules) {
        long until = Objects.requireNonNull(watches.get(id)).sentence.begin(now, rules);
        return new Change.Eject(id, new Ejection(reason, until));
    }

    private Map<ReplicaId, Reason> outliers(long now, OutlierOptions rules) {
        Map<ReplicaId, Reason> outliers = new LinkedHashMap<>();
        watches.forEach((id, watch) -> {
            if (watch.compares()) {
                Reason reason = reason(watch, now, rules);
                if (reason != null) {
                    outliers.put(id, reason);
                }
            }
        });
        if (turned) {
            watches.values().forEach(watch -> watch.traffic.turn());
        }
        return outliers;
    }

    private @Nullable Reason reason(Watch watch, long now, OutlierOptions rules) {
        int row = watch.traffic.row();
        if (row >= rules.failures()
                && row >= OutlierRules.rowNeeded(rules.failures(), sum(others(watch, Traffic.INTERVALS)))) {
            return Reason.FAILURES;
        }
        for (int span = 1; turned && span < Traffic.INTERVALS; span *= 2) {
            OutcomeCounts own = watch.traffic.last(span);
            if (OutlierRules.mayFailMore(own) && OutlierRules.failsMore(own, sum(others(watch, span)))) {
                return Reason.SUCCESS_RATE;
            }
            boolean timed = rules.latencyFactor() > 0
                    && watch.warmFor((span + 1) * rules.interval().toNanos(), now);
            if (timed
                    && OutlierRules.mayBeSlower(own)
                    && OutlierRules.isSlower(own, others(watch, span), rules.latencyFactor())) {
                return Reason.LATENCY;
            }
        }
        return watch.warmFor(SILENCE.toNanos(), now) && isSilent(watch, now, rules) ? Reason.LATENCY : null;
    }

    private boolean isSilent(Watch watch, long now, OutlierOptions rules) {
        long silence = watch.traffic.silence(now);
        if (rules.latencyFactor() == 0 || silence < SILENCE.toNanos()) {
            return false;
        }
        long usual = OutlierRules.usual(others(watch, Traffic.INTERVALS));
        return usual > 0 && silence > rules.latencyFactor() * usual;
    }

    /** The last few intervals of all that it is compared with. */
    private List<OutcomeCounts> others(Watch watch, int intervals) {
        return watches.values().stream()
                .filter(other -> other != watch && other.compares())
                .map(other -> other.traffic.last(intervals))
                .toList();
    }

    private static OutcomeCounts sum(List<OutcomeCounts> counts) {
        return counts.stream().reduce(OutcomeCounts.NONE, OutcomeCounts::plus);
    }
}
