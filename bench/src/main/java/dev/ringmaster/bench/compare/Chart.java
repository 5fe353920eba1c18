package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;

/** A bar a contestant: the median of the compared figure, with half the distance of its quartiles. */
final class Chart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 450;
    private static final int TILT = 30;

    private Chart() {}

    /** Writes the chart as SVG; returns its file. */
    static Path draw(Outcome outcome, Report report, Path directory) throws IOException {
        Scenario scenario = outcome.options().scenario();
        Figure figure = scenario.headline();
        List<Contestant> drawn = outcome.contestants().stream()
                .filter(contestant -> outcome.of(contestant, figure).count() > 0)
                .toList();
        List<Statistics> found =
                drawn.stream().map(contestant -> outcome.of(contestant, figure)).toList();
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.title().replace("*", ""))
                .yAxisTitle(figure.heading(scenario.work()))
                .build();
        chart.getStyler().setXAxisLabelRotation(TILT);
        chart.getStyler().setLegendVisible(false);
        chart.addSeries(
                scenario.key(),
                drawn.stream().map(Contestant::name).toList(),
                found.stream().map(Statistics::median).toList(),
                found.stream().map(one -> (one.high() - one.low()) / 2).toList());
        Files.createDirectories(directory);
        return Files.write(directory.resolve(report.key() + ".svg"), ChartEncoder.getBytes(chart, "svg"));
    }
}
