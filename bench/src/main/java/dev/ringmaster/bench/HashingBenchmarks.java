package dev.ringmaster.bench;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Makes all the figures about hashing and policies: builds, evenness and moves, then the JMH benchmarks. */
public final class HashingBenchmarks {
    private HashingBenchmarks() {}

    /** Takes JMH's options. */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        CommandLineOptions options = new CommandLineOptions(arguments);
        // First, while no class of the library is loaded in this JVM.
        BuildReport.print(System.out);
        System.out.println();
        SpreadReport.print(System.out);
        System.out.println();
        Collection<RunResult> results = new Runner(options).run();
        System.out.println();
        LookupReport.print(System.out, results, "algorithm");
        System.out.println();
        LookupReport.print(System.out, results, "policy");
    }
}
