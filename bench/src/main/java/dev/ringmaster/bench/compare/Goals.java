package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the balancer has to reach against whom, and whether it did. */
final class Goals {
    private static final ImmutableList<String> HAPROXY = ImmutableList.of("HAProxy safe", "HAProxy always");
    private static final ImmutableList<String> NGINX = ImmutableList.of("nginx");
    private static final ImmutableList<String> BOTH = ImmutableList.of("HAProxy safe", "HAProxy always", "nginx");
    private static final ImmutableList<String> JAVA =
            ImmutableList.of("Vert.x", "Undertow", "Jetty", "Spring Cloud Gateway");
    private static final ImmutableList<String> SPRING = ImmutableList.of("Spring Cloud Gateway");

    private Goals() {}

    /**
     * @param rivals their names; the best of those that take part counts
     * @param required ratio that ours must not exceed
     * @param wanted ratio that it should not exceed
     */
    private record Goal(ImmutableList<String> rivals, double required, double wanted) {}

    private static List<Goal> of(Scenario scenario, boolean uring) {
        return switch (scenario) {
            case SMALL, RATE ->
                List.of(
                        new Goal(HAPROXY, uring ? 0.85 : 0.95, 0.75),
                        new Goal(NGINX, uring ? 0.80 : 0.90, 0.65),
                        new Goal(JAVA, 0.7, 0.5));
            case SMALL_256 ->
                List.of(new Goal(HAPROXY, 0.75, 0.65), new Goal(NGINX, 0.70, 0.60), new Goal(JAVA, 0.7, 0.5));
            case LATENCY -> List.of(new Goal(BOTH, 1.1, 1.0));
            case DOWN, UP -> List.of(new Goal(BOTH, 1.1, 0.9));
            case CHURN -> List.of(new Goal(NGINX, 1.1, 1.0));
            case IDLE -> List.of(new Goal(HAPROXY, 1.5, 1.0));
            case START -> List.of(new Goal(SPRING, 0.3, 0.15));
        };
    }

    /** A table, a row a goal; its ranges are those that {@link Verdict} goes by. */
    static String table(Outcome outcome) {
        String range = outcome.blocks() < Statistics.SURE_FROM ? "all blocks" : "95 %";
        StringBuilder text = new StringBuilder("""
                | against | required | goal | measured (%s) | ours against itself (%s) | required reached | goal reached |
                |---|---|---|---|---|---|---|
                """.formatted(range, range));
        for (Goal goal :
                of(outcome.options().scenario(), outcome.ours().transport().equals("io_uring"))) {
            text.append(row(goal, outcome));
        }
        return text.toString();
    }

    private static String row(Goal goal, Outcome outcome) {
        Optional<Contestant> best = best(goal, outcome);
        return "| %s | ≤ %s | ≤ %s | %s |\n"
                .formatted(
                        against(goal, best, outcome),
                        goal.required(),
                        goal.wanted(),
                        best.map(rival -> measured(goal, rival, outcome)).orElse("– | – | not run | not run"));
    }

    /** Such as "Jetty, the best of Undertow, Jetty (not run: Vert.x)". */
    private static String against(Goal goal, Optional<Contestant> best, Outcome outcome) {
        List<String> present =
                outcome.contestants().stream().map(Contestant::name).toList();
        List<String> ran = goal.rivals().stream().filter(present::contains).toList();
        List<String> absent =
                goal.rivals().stream().filter(name -> !present.contains(name)).toList();
        String rival = best.map(Contestant::name).orElse("nobody");
        String among = ran.size() < 2 ? "" : ", the best of " + String.join(", ", ran);
        return rival + among + (absent.isEmpty() ? "" : " (not run: " + String.join(", ", absent) + ")");
    }

    private static String measured(Goal goal, Contestant rival, Outcome outcome) {
        Contestant ours = outcome.contestants().getFirst();
        Statistics ratio = outcome.ratio(ours, rival);
        Statistics itself = outcome.ratio(ours, outcome.contestants().get(1));
        return String.join(
                " | ",
                ratio.toldSurely("%.3f", outcome.blocks()),
                itself.toldSurely("%.3f", outcome.blocks()),
                Verdict.of(ratio, itself, goal.required()),
                Verdict.of(ratio, itself, goal.wanted()));
    }

    private static Optional<Contestant> best(Goal goal, Outcome outcome) {
        Figure figure = outcome.options().scenario().headline();
        return outcome.contestants().stream()
                .filter(contestant -> goal.rivals().contains(contestant.name()))
                .min(Comparator.comparingDouble(
                        rival -> outcome.of(rival, figure).median()));
    }
}
