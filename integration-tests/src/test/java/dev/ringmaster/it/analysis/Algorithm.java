package dev.ringmaster.it.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A way to distribute, by name and settings. */
record Algorithm(String name, List<String> settings) {
    static final List<Algorithm> ALL = List.of(
            of("capped rendezvous (default)", "hash.algorithm=capped-rendezvous"),
            of("classic, literal ids", "hash.algorithm=classic", "hash.classic-ids=literal"),
            of("classic, balanced ids", "hash.algorithm=classic", "hash.classic-ids=balanced"),
            of("ketama", "hash.algorithm=ketama"),
            of("Maglev", "hash.algorithm=maglev"));

    private static Algorithm of(String name, String... settings) {
        return new Algorithm(name, Arrays.asList(settings));
    }

    String[] with(String... more) {
        return Stream.concat(settings.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
