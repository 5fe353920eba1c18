package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.harness.Balancer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * What a balancer holds.
 *
 * @param descriptors open files and sockets
 * @param live bytes of the heap that a full collection leaves
 */
record Vitals(long descriptors, long threads, long resident, long live) {
    /** Such as "  2:  22183  2472360  [B (java.base)": rank, objects, bytes, class. */
    private static final Pattern OBJECTS = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");

    private static final Duration POOLED = Duration.ofSeconds(5);

    /** What it holds once pooled connections have ended, which they do after four seconds without use. */
    static Vitals atRest(Balancer balancer) throws IOException, InterruptedException {
        Awaitility.await().pollDelay(POOLED).until(() -> true);
        return of(balancer);
    }

    /** Runs a full collection, which also lets the leak detector find what was lost. */
    static Vitals of(Balancer balancer) throws IOException, InterruptedException {
        String pid = String.valueOf(balancer.handle().pid());
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        // Counts after a full collection, object by object: what a heap uses counts also what was allocated since.
        // Where
        // objects died among many that live, the collector moves none and puts fillers in their place.
        long live = OBJECTS.matcher(Commands.run(jcmd, pid, "GC.class_histogram"))
                .results()
                .filter(line -> !line.group(2).contains("jdk.internal.vm.Filler"))
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
        return new Vitals(entries(pid, "fd"), entries(pid, "task"), balancer.memory(), live);
    }

    /** That alone, without a collection. */
    static long descriptors(Balancer balancer) throws IOException {
        return entries(String.valueOf(balancer.handle().pid()), "fd");
    }

    private static long entries(String pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", pid, what))) {
            return entries.count();
        }
    }
}
