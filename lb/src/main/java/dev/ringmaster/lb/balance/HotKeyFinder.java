package dev.ringmaster.lb.balance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides which keys are hot: a pure function of what the event loops have counted, the table, and who was hot before. */
final class HotKeyFinder {
    /** Fewer requests of a key are no load, and their share is chance. */
    static final int FEWEST = 64;
    /** A key keeps a slot until it needs but this part of what the others can take: shares of a second waver. */
    private static final double KEPT = 0.75;

    private static final int MOST_TOLD = 20;

    private final RoutingTable table;
    private final double most;
    private final int serving;
    private final Map<Long, Estimate> estimates = new HashMap<>();
    private long requests;
    private long unseen;

    private HotKeyFinder(RoutingTable table, List<KeySketch.Window> windows) {
        this.table = table;
        this.most = table.distribution().options().tuning().hotKeyShare();
        this.serving = table.serving().size();
        for (KeySketch.Window window : windows) {
            requests += window.requests();
            unseen += window.unseen();
            for (KeySketch.Window.Count count : window.counts()) {
                estimates.merge(
                        count.key(), new Estimate(count.count(), count.error(), window.unseen()), Estimate::plus);
            }
        }
    }

    /**
     * Over all loops.
     *
     * @param error most by which the count is too high
     * @param seen by how much it could be too low, were it not for the loops that told of the key
     */
    private record Estimate(long count, long error, long seen) {
        /** What it is nearly certainly more than: two standard deviations less. */
        double least() {
            return count - error - 2 * Math.sqrt((double) count);
        }

        Estimate plus(Estimate other) {
            return new Estimate(count + other.count, error + other.error, seen + other.seen);
        }
    }

    /** Who is hot, and what there is to tell. */
    record Found(HotKeys hot, KeyReport report) {
        static final Found NOTHING = new Found(HotKeys.NONE, KeyReport.NONE);
    }

    static Found find(RoutingTable table, List<KeySketch.Window> windows) {
        return new HotKeyFinder(table, windows).found();
    }

    private Found found() {
        if (requests == 0 || serving == 0) {
            return new Found(HotKeys.NONE, new KeyReport(true, 0, List.of()));
        }
        Map<Long, Double> needs = new HashMap<>();
        List<KeyReport.Key> told = new ArrayList<>();
        estimates.forEach((key, estimate) -> {
            double need = need(key, estimate);
            int slots = need == 0 ? 1 : HotKeys.slots(table, key, need);
            if (slots > 1) {
                needs.put(key, need);
            }
            told.add(new KeyReport.Key(
                    key,
                    (double) estimate.count() / requests,
                    (double) Math.max(estimate.error(), unseen - estimate.seen()) / requests,
                    table.hash().owner(key),
                    slots));
        });
        told.sort(Comparator.comparing(KeyReport.Key::hot)
                .thenComparingDouble(KeyReport.Key::share)
                .reversed());
        int most = Math.max(MOST_TOLD, needs.size());
        return new Found(
                new HotKeys(needs), new KeyReport(true, requests, told.subList(0, Math.min(most, told.size()))));
    }

    /** What the key needs as a part of the pool, in whole fair shares of a slot, so that it changes rarely. */
    private double need(long key, Estimate estimate) {
        long before = Math.round(table.hotKeys().need(key) * serving);
        double least = fairShares(estimate.least());
        double likely = fairShares((double) estimate.count());
        double now = before;
        if (least > before && estimate.count() >= FEWEST) {
            now = Math.ceil(least);
        } else if (likely < KEPT * (before - 1)) {
            now = Math.ceil(likely);
        }
        return now / serving;
    }

    /** How many slots' fair shares keep so many requests below what a slot may have of one key. */
    private double fairShares(double count) {
        return count / requests * serving / most;
    }
}
