package dev.ringmaster.lb.provider.docker;

import java.util.Map;

/**
 * A container as the engine describes it.
 *
 * @param id the engine's full id
 * @param name without the slash that the engine puts before it
 * @param running whether its process runs, frozen or not
 * @param exitCode of the process that has ended
 * @param outOfMemory whether the kernel ended it for want of memory
 * @param stopSignal what asks it to end, such as {@code SIGQUIT}; empty for the usual
 * @param address in the replicas' network; empty if it is in no such
 */
record Container(
        String id,
        String name,
        Map<String, String> labels,
        boolean running,
        int exitCode,
        boolean outOfMemory,
        String stopSignal,
        String address) {
    Container {
        labels = Map.copyOf(labels);
    }

    /** Only which one it is and whether it runs. */
    Container withoutDetails() {
        return new Container(id, "", Map.of(), running, 0, false, "", "");
    }

    String label(String key) {
        return labels.getOrDefault(key, "");
    }
}
