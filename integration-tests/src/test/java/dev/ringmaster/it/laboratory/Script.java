package dev.ringmaster.it.laboratory;

import java.util.SplittableRandom;

/**
 * How a replica behaves from now on.
 *
 * @param share probability with which a request meets the behaviour
 * @param heartbeats whether heartbeats meet it, too
 */
record Script(Behaviour behaviour, double share, boolean heartbeats, SplittableRandom random) {
    static final Script NORMAL = new Script(Behaviour.NORMAL, 1, false, new SplittableRandom(0));

    static Script of(String command) {
        String[] words = command.split(" ", -1);
        return new Script(
                Behaviour.valueOf(words[0]),
                Double.parseDouble(words[1]),
                Boolean.parseBoolean(words[2]),
                new SplittableRandom(Long.parseLong(words[3])));
    }

    static String command(Behaviour behaviour, double share, boolean heartbeats, long seed) {
        return behaviour + " " + share + " " + heartbeats + " " + seed;
    }

    /** What the next request meets. */
    Behaviour next(boolean heartbeat) {
        if (heartbeat && !heartbeats) {
            return Behaviour.NORMAL;
        }
        synchronized (random) {
            return random.nextDouble() < share ? behaviour : Behaviour.NORMAL;
        }
    }
}
