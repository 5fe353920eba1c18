package dev.ringmaster.bench.compare;

import dev.ringmaster.bench.compare.Accounting.Processor;
import dev.ringmaster.bench.compare.Accounting.Used;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** As many requests as get answered: what one costs, and how many they are. */
final class Saturation implements Trial {
    /** A rate says something of a proxy only where it was the limit: its processor busy, the other one not. */
    private static final double PROXY_MAY_IDLE = 0.02;

    private static final double OTHERS_MUST_IDLE = 0.05;

    private final Field field;
    private final Wrk wrk;
    private final Scenario.Work work;
    private final int seconds;

    /** @param seconds of a turn */
    Saturation(Field field, Wrk wrk, Scenario.Work work, int seconds) {
        this.field = field;
        this.wrk = wrk;
        this.work = work;
        this.seconds = seconds;
    }

    @Override
    public Sample take(Contestant contestant) throws IOException, InterruptedException {
        ServerProcess server = field.server(contestant);
        String proxy = field.layout().proxy();
        String others = field.layout().others();
        Used before = Accounting.used(server.processes());
        Processor proxyBefore = Accounting.processor(proxy);
        Processor othersBefore = Accounting.processor(others);
        Wrk.Outcome outcome = wrk.run(server.port(), seconds);
        double proxyIdle = Accounting.processor(proxy).idleSince(proxyBefore);
        double othersIdle = Accounting.processor(others).idleSince(othersBefore);
        Used used = Accounting.used(server.processes()).since(before);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.CPU, work.in(used.total() / outcome.requests()));
        figures.put(Figure.USER, work.in(used.user() / outcome.requests()));
        figures.put(Figure.SYSTEM, work.in(used.system() / outcome.requests()));
        figures.put(Figure.RATE, outcome.rate());
        figures.put(Figure.BUSY, used.total() / outcome.seconds());
        if (proxyIdle <= PROXY_MAY_IDLE && othersIdle >= OTHERS_MUST_IDLE) {
            figures.put(Figure.SATURATED, outcome.rate());
        }
        return Sample.of(figures);
    }
}
