package dev.ringmaster.bench.compare;

import java.io.IOException;
import java.util.Map;

/** What a contestant does when it is its turn. */
interface Trial {
    /** Whether it starts and stops the contestant itself, in every turn. */
    default boolean startsThem() {
        return false;
    }

    /** Gets everything ready, once, when all are warm; returns what the section is to tell of it, empty for nothing. */
    default String prepare() throws IOException, InterruptedException {
        return "";
    }

    /**
     * One turn. Throws {@link IOException} if anything failed in it, as a comparison counts only without failures;
     * {@link OverdueException} if all that is wrong is that something did not come in time.
     */
    Sample take(Contestant contestant) throws IOException, InterruptedException;

    /** Completes the samples of one block by what only they together tell. */
    default Map<Contestant, Sample> settle(Map<Contestant, Sample> block) {
        return block;
    }
}
