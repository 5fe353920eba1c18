package dev.ringmaster.lb.telemetry;

/**
 * What happens on one event loop, counted.
 *
 * <p>Every method but the package-private readers is called by that loop alone; nothing allocates except the first
 * request to a slot with a higher number than any before. A scrape on another thread adds the loops up and may lag by
 * what happens while it reads.
 */
public final class LoopMetrics {
    /** Something that is only counted: metric, one label or none, and what it means. */
    public enum Counter {
        CLIENT_OPENED("client_connections_opened", "", "", "Client connections accepted."),
        CLIENT_CLOSED("client_connections_closed", "", "", "Client connections closed."),
        CLIENT_BYTES_IN("client_bytes", "direction", "in", "Bytes read from and written to clients."),
        CLIENT_BYTES_OUT("client_bytes", "direction", "out", "Bytes read from and written to clients."),
        REPLICA_BYTES_IN("replica_bytes", "direction", "in", "Bytes read from and written to replicas."),
        REPLICA_BYTES_OUT("replica_bytes", "direction", "out", "Bytes read from and written to replicas."),
        REDIALS("retries", "kind", "redial", "Attempts after the first of a request."),
        FAILOVERS("retries", "kind", "failover", "Attempts after the first of a request."),
        HEDGES("retries", "kind", "hedge", "Attempts after the first of a request."),
        HEDGE_WINS("hedge_wins", "", "", "Requests whose second attempt was answered before the first."),
        WAITS("waits", "", "", "Requests that waited for a replica to come back or to have room."),
        WAIT_TIMEOUTS("wait_timeouts", "", "", "Requests that waited for a replica in vain."),
        UPSTREAM_CONNECTS("upstream_connects", "", "", "Connections to replicas begun."),
        UPSTREAM_CONNECT_FAILURES(
                "upstream_connect_failures", "", "", "Connections to replicas that could not be opened."),
        UPSTREAM_REUSES("upstream_reuses", "", "", "Attempts on a connection that was already open."),
        NO_REPLICA("failures", "kind", "no_replica", "Requests that the balancer answered with a failure."),
        OVERLOADED("failures", "kind", "overloaded", "Requests that the balancer answered with a failure."),
        REPLICA_FAILED("failures", "kind", "replica_failed", "Requests that the balancer answered with a failure."),
        TIMED_OUT("failures", "kind", "timed_out", "Requests that the balancer answered with a failure."),
        BAD_REQUEST("failures", "kind", "bad_request", "Requests that the balancer answered with a failure.");

        final String metric;
        final String label;
        final String labelValue;
        final String help;

        Counter(String metric, String label, String labelValue, String help) {
            this.metric = "ringmaster_" + metric;
            this.label = label;
            this.labelValue = labelValue;
            this.help = help;
        }

        /** Index of its cell: cells are only ever found through the constant, never kept or sent. */
        @SuppressWarnings("EnumOrdinal")
        int cell() {
            return ordinal();
        }
    }

    static final int FIRST_STATUS = 100;
    /** Cell of requests that ended without a status: those whose client left before there was one. */
    static final int NO_STATUS = 500;

    /** Classes that a slot's requests fall into: 0 failed, 1 to 5 by the first digit of the status. */
    static final int CLASSES = 6;

    private static final int COUNTERS = Counter.values().length;
    private static final int MOST_SLOTS = 4096;

    private final Cells counters = new Cells(COUNTERS);
    private final Cells statuses = new Cells(NO_STATUS + 1);
    private final Cells latency = new Cells(Latency.CELLS);
    private volatile Cells slots = new Cells(0);

    LoopMetrics() {}

    /** Counts one. */
    public void increment(Counter counter) {
        counters.add(counter.cell(), 1);
    }

    /** Counts {@code n}, which must not be negative. */
    public void add(Counter counter, long n) {
        assert n >= 0 : counter;
        counters.add(counter.cell(), n);
    }

    /**
     * A client's request is over.
     *
     * @param status status sent to the client; 0 if it left before there was one
     * @param nanos from the request's head to the end of the response
     */
    public void requestEnded(int status, long nanos) {
        int cell = status - FIRST_STATUS;
        statuses.add(cell >= 0 && cell < NO_STATUS ? cell : NO_STATUS, 1);
        latency.add(Latency.bucket(nanos), 1);
        latency.add(Latency.SUM, Math.max(nanos, 0));
    }

    /**
     * An attempt on a replica is over.
     *
     * @param slot the replica's seat
     * @param status status of its response; 0 if there was none
     */
    public void replicaRequest(int slot, int status) {
        assert slot >= 0 && slot < MOST_SLOTS : slot;
        int cell = slot * CLASSES + (status >= 100 && status < 600 ? status / 100 : 0);
        if (cell >= slots.size()) {
            slots = slots.grown(Math.max((slot + 1) * CLASSES, 2 * slots.size()));
        }
        slots.add(cell, 1);
    }

    Cells counters() {
        return counters;
    }

    Cells statuses() {
        return statuses;
    }

    Cells latency() {
        return latency;
    }

    Cells slots() {
        return slots;
    }
}
