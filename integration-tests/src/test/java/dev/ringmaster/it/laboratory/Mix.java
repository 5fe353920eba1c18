package dev.ringmaster.it.laboratory;

import java.util.SplittableRandom;

/** Which requests a client sends: seeded, so that a run's requests are the same again. */
final class Mix {
    private static final int SMALL_BITS = 16;
    private static final int HUGE_BITS = 24;

    private final SplittableRandom random;
    private final Shape shape;

    Mix(long seed, Shape shape) {
        this.random = new SplittableRandom(seed);
        this.shape = shape;
    }

    /**
     * How many there are for one that is unusual.
     *
     * @param huge for a body that may have up to 16 MiB instead of 64 KiB
     * @param leaving for a client that leaves in the middle of its request
     */
    record Shape(int huge, int leaving) {}

    /** One request: what is sent, and what is asked for. */
    record Request(String method, Target target, boolean chunked, boolean leave) {
        /** Bytes of its body. */
        long size() {
            return target.body();
        }

        boolean once() {
            return method.equals("POST");
        }
    }

    Request next(int id) {
        int kind = random.nextInt(10);
        String method = kind < 5 ? "GET" : kind < 7 ? "PUT" : "POST";
        long size = method.equals("GET") ? 0 : size();
        Target target = new Target(id, size, size(), random.nextInt(4) == 0);
        return new Request(method, target, size > 0 && random.nextInt(4) == 0, random.nextInt(shape.leaving) == 0);
    }

    /** Whether the client goes on with the same connection. */
    boolean stays() {
        return random.nextInt(40) > 0;
    }

    /** Pauses vary between none and twice the mean. */
    long around(long mean) {
        return mean == 0 ? 0 : random.nextLong(2 * mean);
    }

    /** Log-uniform. */
    private long size() {
        double bits = random.nextDouble() * (random.nextInt(shape.huge) == 0 ? HUGE_BITS : SMALL_BITS);
        return (long) Math.pow(2, bits);
    }
}
