package dev.ringmaster.lb;

import java.util.Map;
import java.util.SortedMap;

/** The configuration in effect, which a running balancer may be told to change. Any thread. */
public interface LiveConfig {
    /** Key to text of everything in effect, secrets hidden. */
    SortedMap<String, String> texts();

    /**
     * Lays settings over those in effect, until the next start.
     *
     * @throws IllegalArgumentException saying what is wrong; nothing has changed then
     */
    void change(Map<String, String> settings);
}
