package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of processes and processors, from /proc. */
final class Accounting {
    private static final double TICKS_A_SECOND = 100;
    /** Fields of /proc/PID/stat after the command's name, which may hold spaces itself. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    /** Fields of a processor's line in /proc/stat. */
    private static final int IDLE = 4;

    private static final int WAITING = 5;
    /** What a hypervisor gave to others while there was something to do. */
    private static final int STOLEN = 8;

    private Accounting() {}

    /** Seconds of processor time; the split is sampled by the kernel, the sum is exact. */
    record Used(double user, double system) {
        double total() {
            return user + system;
        }

        Used since(Used before) {
            return new Used(user - before.user, system - before.system);
        }
    }

    /** What these processes have used so far. */
    static Used used(List<Long> processes) throws IOException {
        double user = 0;
        double system = 0;
        for (long process : processes) {
            String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            user += Long.parseLong(fields[USER_TICKS]) / TICKS_A_SECOND;
            system += Long.parseLong(fields[SYSTEM_TICKS]) / TICKS_A_SECOND;
        }
        return new Used(user, system);
    }

    /** How long a processor has been there, had nothing to do, and was somebody else's, in ticks. */
    record Processor(long all, long idle, long stolen) {
        /** The share that it had nothing to do. */
        double idleSince(Processor before) {
            return (double) (idle - before.idle) / Math.max(1, all - before.all);
        }

        /** The share that it was taken away. */
        double stolenSince(Processor before) {
            return (double) (stolen - before.stolen) / Math.max(1, all - before.all);
        }
    }

    /** How many processors the machine has, whatever this process is kept to. */
    static long processors() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.matches("cpu\\d.*")).count();
        }
    }

    /** @param numbers such as "1"; of a range like "0-1" all that the machine has together */
    static Processor processor(String numbers) throws IOException {
        String name = "cpu" + (numbers.contains("-") ? "" : numbers) + " ";
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] fields = lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("there is no processor " + numbers))
                    .split(" +", -1);
            long all = 0;
            for (int field = 1; field <= STOLEN; field++) {
                all += Long.parseLong(fields[field]);
            }
            return new Processor(
                    all,
                    Long.parseLong(fields[IDLE]) + Long.parseLong(fields[WAITING]),
                    Long.parseLong(fields[STOLEN]));
        }
    }
}
