package dev.ringmaster.lb.cli.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The classic body, {@code {"message":"Hello from Server: ID",...}}, of which the ID says who answered. */
final class Greeting {
    /** Enough of a body to hold the longest host name. */
    static final int BYTES = 512;

    private static final String BEFORE = "\"Hello from Server: ";

    private Greeting() {}

    /** The ID in the beginning of a body, without the brackets that some servers put around it. */
    static Optional<String> replica(ByteBuf body) {
        String text = body.toString(StandardCharsets.UTF_8);
        int start = text.indexOf(BEFORE);
        int end = start < 0 ? -1 : text.indexOf('"', start + BEFORE.length());
        if (end < 0) {
            return Optional.empty();
        }
        String id = text.substring(start + BEFORE.length(), end);
        boolean bracketed = id.startsWith("[") && id.endsWith("]");
        String bare = bracketed ? id.substring(1, id.length() - 1) : id;
        return bare.isEmpty() ? Optional.empty() : Optional.of(bare);
    }
}
