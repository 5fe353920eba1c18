package dev.ringmaster.lb.cli;

import dev.ringmaster.lb.cli.load.LoadClient;
import dev.ringmaster.lb.cli.load.LoadOptions;
import dev.ringmaster.lb.cli.load.LoadReport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends requests and reports what came of them. */
@Command(
        name = "load",
        description = "Sends GET requests over keep-alive connections and reports every outcome.",
        footer = {"", "Exits with 1 if any request failed or the load was interrupted. No request is sent twice."})
final class LoadCommand implements Callable<Integer> {
    private static final int HTTP_PORT = 80;
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

    private final Surroundings surroundings;

    @Option(
            names = {"-n", "--requests"},
            paramLabel = "N",
            description = "How many requests (default: ${DEFAULT-VALUE}).",
            defaultValue = "10000")
    private int requests;

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            description = "How many at a time (default: ${DEFAULT-VALUE}).",
            defaultValue = "64")
    private int connections;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "What to get (default: ${DEFAULT-VALUE}).",
            defaultValue = "http://localhost:5000/home")
    private URI url = URI.create("http://localhost:5000/home");

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Send R requests a second, answered or not, and count latency from the intended moment; "
                    + "without it each connection sends its next request after its last answer.",
            defaultValue = "0")
    private double rate;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Longest wait for an answer, such as 500ms or 10s (default: ${DEFAULT-VALUE}).",
            defaultValue = "10s",
            converter = DurationConverter.class)
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--any-body", description = "Take every 2xx answer as good, not only a replica's greeting.")
    private boolean anyBody;

    @Option(names = "--json", description = "Print the report as one JSON object.")
    private boolean json;

    @Option(names = "--no-progress", description = "Show no progress bar on a terminal.")
    private boolean noProgress;

    LoadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        LoadOptions options = options();
        boolean bar = !noProgress && Boolean.getBoolean("ringmaster.terminal");
        ProgressBar progress = new ProgressBar(surroundings.err(), requests, bar);
        try (LoadClient client = LoadClient.start(options);
                var _ = Signals.on("INT", client::stop)) {
            while (!client.await(PROGRESS_INTERVAL)) {
                progress.show(client.outcomes());
            }
            progress.clear();
            return print(client.report());
        }
    }

    private int print(LoadReport report) {
        surroundings.out().println(json ? LoadReportFormat.json(report) : LoadReportFormat.text(report));
        return report.failed() > 0 || report.interrupted() ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private LoadOptions options() {
        require(requests > 0, "-n must be a positive integer");
        require(connections > 0, "-c must be a positive integer");
        require(rate >= 0 && Double.isFinite(rate), "--rate must be a positive number");
        require("http".equals(url.getScheme()) && url.getHost() != null, "--url must be like http://HOST:PORT/PATH");
        InetSocketAddress address = new InetSocketAddress(url.getHost(), url.getPort() < 0 ? HTTP_PORT : url.getPort());
        if (address.isUnresolved()) {
            throw CommandFailure.failed("the host " + url.getHost() + " is not known");
        }
        return new LoadOptions(url, address, requests, connections, rate, timeout, anyBody);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw CommandFailure.usage(List.of(message));
        }
    }
}
