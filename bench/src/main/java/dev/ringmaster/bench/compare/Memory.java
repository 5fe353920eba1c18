package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server holds, in bytes.
 *
 * @param used of a JVM the heap's live objects after a collection and everything resident outside of the heap, which
 *     are direct buffers, threads, code and metadata; of others what is resident
 * @param resident as the kernel counts it
 */
record Memory(long used, long resident) {
    private static final int KIB = 1024;
    private static final int HEX = 16;
    /** Such as "Tenured total 175104K, used 1234K [0x00000000e0000000, 0x...": one a generation. */
    private static final Pattern GENERATION =
            Pattern.compile("total \\d+K, used \\d+K \\[0x([0-9a-f]+), 0x[0-9a-f]+, 0x([0-9a-f]+)\\)");

    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ .*");
    private static final Pattern RESIDENT = Pattern.compile("Rss:\\s+(\\d+) kB");

    /** Such as "  2:  22183  2472360  [B (java.base)": rank, objects, bytes, class. */
    private static final Pattern LIVE = Pattern.compile("(?m)^ *\\d+: +\\d+ +(\\d+) +(\\S+)");

    /** A range of addresses that is part of a JVM's heap. */
    private record Generation(long from, long to) {}

    static Memory of(ServerProcess server) throws IOException, InterruptedException {
        boolean java = isJava(server.id());
        long used = java ? live(server.id()) : 0;
        List<Generation> heap = java ? heap(server.id()) : List.of();
        long resident = 0;
        for (long process : server.processes()) {
            long address = 0;
            for (String line : Files.readAllLines(Path.of("/proc/" + process + "/smaps"))) {
                Matcher mapping = MAPPING.matcher(line);
                Matcher told = RESIDENT.matcher(line);
                if (mapping.matches()) {
                    address = Long.parseUnsignedLong(mapping.group(1), HEX);
                } else if (told.matches()) {
                    long bytes = Long.parseLong(told.group(1)) * KIB;
                    long at = address;
                    resident += bytes;
                    used += heap.stream().anyMatch(part -> at >= part.from && at < part.to) ? 0 : bytes;
                }
            }
        }
        return new Memory(used, resident);
    }

    private static boolean isJava(long process) throws IOException {
        return Path.of("/proc/" + process + "/exe").toRealPath().endsWith("java");
    }

    /**
     * Collects, and counts object by object: what a heap uses counts also what was allocated since the collection. Fillers
     * are what the collector puts where objects died among many that live.
     */
    private static long live(long process) throws IOException, InterruptedException {
        String text = command(process, "GC.class_histogram");
        long live = LIVE.matcher(text)
                .results()
                .filter(line -> !line.group(2).contains("jdk.internal.vm.Filler"))
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
        if (live == 0) {
            throw new IOException("no histogram: " + text);
        }
        return live;
    }

    private static List<Generation> heap(long process) throws IOException, InterruptedException {
        String text = command(process, "GC.heap_info");
        List<Generation> heap = new ArrayList<>();
        for (Matcher part = GENERATION.matcher(text); part.find(); ) {
            heap.add(new Generation(
                    Long.parseUnsignedLong(part.group(1), HEX), Long.parseUnsignedLong(part.group(2), HEX)));
        }
        if (heap.isEmpty()) {
            throw new IOException("no generations of a serial collector in: " + text);
        }
        return heap;
    }

    private static String command(long process, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), "" + process, command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException(output);
        }
        return output;
    }
}
