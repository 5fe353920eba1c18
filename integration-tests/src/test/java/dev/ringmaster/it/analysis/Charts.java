package dev.ringmaster.it.analysis;

import dev.ringmaster.it.analysis.Experiments.Run;
import dev.ringmaster.it.analysis.Experiments.Shares;
import dev.ringmaster.it.analysis.PolicyTrial.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.IChart;

/** Draws the figures, each as PNG and as SVG. */
final class Charts {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private final Path directory;

    Charts(Path directory) {
        this.directory = directory;
    }

    /** a bar a replica, a colour an algorithm. */
    void bars(Map<String, Run> runs) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("10,000 requests on three replicas")
                .xAxisTitle("slot")
                .yAxisTitle("requests answered")
                .build();
        runs.forEach((name, run) -> {
            Shares share = run.answers();
            List<String> slots = new ArrayList<>();
            for (int slot = 0; slot < share.answers().size(); slot++) {
                slots.add("" + slot);
            }
            chart.addSeries(name, slots, List.copyOf(share.answers().values()));
        });
        save(chart, "a1-requests-per-replica");
    }

    /** mean requests a replica with the standard deviation, for one algorithm. */
    void averages(String name, Map<Integer, Run> runs) throws IOException {
        XYChart chart = lines("Average load, with its standard deviation: " + name, "requests a replica");
        chart.addSeries(
                name,
                List.copyOf(runs.keySet()),
                runs.values().stream().map(run -> run.answers().mean()).toList(),
                runs.values().stream().map(run -> run.answers().deviation()).toList());
        save(chart, "a2-average-load");
    }

    /** the busiest replica's load over the mean. */
    void peaks(Map<String, Map<Integer, Run>> all) throws IOException {
        XYChart chart = lines("The busiest replica's load over the mean", "peak/mean");
        all.forEach((name, runs) -> chart.addSeries(
                name,
                List.copyOf(runs.keySet()),
                runs.values().stream().map(run -> run.answers().peakToMean()).toList()));
        save(chart, "a4-peak-over-mean");
    }

    /** The slowest hundredth of the answers, a bar a policy. */
    void policies(Map<String, Outcome> outcomes) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("p99 under a skewed load")
                .xAxisTitle("policy")
                .yAxisTitle("ms")
                .build();
        chart.getStyler().setXAxisLabelRotation(30).setLegendVisible(false);
        chart.addSeries(
                "p99",
                List.copyOf(outcomes.keySet()),
                outcomes.values().stream()
                        .map(outcome -> outcome.percentile(0.99))
                        .toList());
        save(chart, "policies-p99");
    }

    private static XYChart lines(String title, String yAxis) {
        return new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("replicas")
                .yAxisTitle(yAxis)
                .build();
    }

    private void save(IChart chart, String name) throws IOException {
        for (String format : List.of("png", "svg")) {
            Files.write(directory.resolve(name + "." + format), ChartEncoder.getBytes(chart, format));
        }
    }
}
