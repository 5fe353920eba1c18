package dev.ringmaster.lb.cli;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command sees of the world around the program.
 *
 * @param environment the environment's variables
 * @param out results, for programs and people
 * @param err failures and progress, for people
 */
record Surroundings(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    Surroundings {
        environment = Map.copyOf(environment);
    }
}
