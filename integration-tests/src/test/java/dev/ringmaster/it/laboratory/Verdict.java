package dev.ringmaster.it.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All calls of a run and what is wrong with them. */
record Verdict(Map<String, Long> outcomes, long sentAgain, long bytes, List<Violation> violations) {
    private static final int SHOWN = 20;

    static Verdict of(Collection<Call> calls, Judge judge, Ledger ledger, Collection<String> malformed) {
        Stream<Violation> unasked =
                malformed.stream().map(replica -> new Violation(Violation.Kind.MALFORMED, "to " + replica));
        return new Verdict(
                calls.stream().collect(Collectors.groupingBy(Verdict::outcome, TreeMap::new, Collectors.counting())),
                calls.stream()
                        .filter(call -> ledger.count(call.id(), Mark.HEARD) > 1)
                        .count(),
                calls.stream().mapToLong(Call::size).sum(),
                Stream.concat(unasked, calls.stream().flatMap(call -> judge.judge(call).stream()))
                        .toList());
    }

    private static String outcome(Call call) {
        String method = call.once() ? "POST " : "idempotent ";
        return method + (call.outcome() == Call.Outcome.ANSWERED ? call.status() : call.outcome());
    }

    long requests() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Share of the requests that a replica answered with 200, or that their client left. */
    double served() {
        long good = outcomes.entrySet().stream()
                .filter(outcome ->
                        outcome.getKey().endsWith(" 200") || outcome.getKey().endsWith(" " + Call.Outcome.LEFT))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return (double) good / requests();
    }

    /** Prints the counts, and fails on the first violations with the seed. */
    void assertClean(long seed) {
        System.out.println(this.summary());
        assertThat(violations.stream().limit(SHOWN))
                .as("seed=%d, %d violations; %s", seed, violations.size(), summary())
                .isEmpty();
    }

    String summary() {
        return "requests=" + requests() + " outcomes=" + outcomes + " sent-again=" + sentAgain + " bytes-up=" + bytes
                + " violations=" + violations.size();
    }
}
