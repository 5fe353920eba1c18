package dev.ringmaster.bench.compare;

import java.util.Arrays;
import java.util.Locale;

/** Who runs on which processor. */
enum Layout {
    /** The proxy alone on processor 1 with one worker, everything else on processor 0. */
    PINNED("1", "0", 1),
    /** Nothing is kept to a processor, and every proxy has two workers. */
    FREE("0-1", "0-1", 2);

    private final String proxy;
    private final String others;
    private final int workers;

    Layout(String proxy, String others, int workers) {
        this.proxy = proxy;
        this.others = others;
        this.workers = workers;
    }

    /** The layout of that name. Throws {@link IllegalArgumentException} if there is none. */
    static Layout named(String name) {
        return Arrays.stream(values())
                .filter(layout -> layout.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no layout '" + name + "'; there are pinned, free"));
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Processors of the proxies. */
    String proxy() {
        return proxy;
    }

    /** Processors of the origin and of the load generator. */
    String others() {
        return others;
    }

    /** Event loops, threads or worker processes of each proxy. */
    int workers() {
        return workers;
    }
}
