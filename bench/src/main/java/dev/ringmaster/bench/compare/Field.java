package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The origin and those proxies that run now, each where the layout has it. Closing ends them all. */
final class Field implements AutoCloseable {
    private final Layout layout;
    private final Path directory;
    private final Map<Contestant, ServerProcess> running = new LinkedHashMap<>();

    /** @param directory for logs */
    Field(Layout layout, Path directory) {
        this.layout = layout;
        this.directory = directory;
    }

    Layout layout() {
        return layout;
    }

    /** Starts the origin, on the side of the load generator, and waits until it serves. */
    void startOrigin(Contestant origin) throws IOException, InterruptedException {
        running.put(origin, ServerProcess.start(origin, layout.others(), log(origin)));
    }

    /** Starts a proxy and waits until it accepts connections; it stays until the field is closed. */
    void start(Contestant contestant) throws IOException, InterruptedException {
        running.put(contestant, startAnew(contestant));
    }

    /** Starts a proxy for a while: the caller closes it. */
    ServerProcess startAnew(Contestant contestant) throws IOException, InterruptedException {
        return ServerProcess.start(contestant, layout.proxy(), log(contestant));
    }

    /** Launches a proxy on every processor and waits for nothing: the caller closes it. */
    ServerProcess launch(Contestant contestant) throws IOException {
        return ServerProcess.launch(contestant, Layout.FREE.proxy(), log(contestant));
    }

    /** The process of one that was started. */
    ServerProcess server(Contestant contestant) {
        ServerProcess server = running.get(contestant);
        if (server == null) {
            throw new IllegalStateException(contestant.name() + " does not run");
        }
        return server;
    }

    /** Stops a proxy. */
    void stop(Contestant contestant) {
        server(contestant).close();
        running.remove(contestant);
    }

    private Path log(Contestant contestant) {
        return directory.resolve(contestant.name().replace(' ', '-') + ".log");
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
    }
}
