package dev.ringmaster.lb.admin;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A call of the admin interface. */
public final class AdminRequest {
    /** Header fields of a request. */
    @FunctionalInterface
    public interface Fields {
        /** The first value of the field with that name, in whatever case; null if there is none. */
        @Nullable
        String first(String name);
    }

    private final String method;
    private final String path;
    private final String query;
    private final Fields fields;
    private final byte[] body;
    private final InetAddress peer;

    /**
     * Holds what the wire said.
     *
     * @param method request method as it came
     * @param path raw path, neither decoded nor normalised, without the query
     * @param query what follows the question mark, raw; empty if there is none
     * @param body the body, not copied; of one longer than {@link AdminApi#MAX_BODY} one byte more than that is enough
     * @param peer other end of the TCP connection, never what a header says
     */
    public AdminRequest(String method, String path, String query, Fields fields, byte[] body, InetAddress peer) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.fields = fields;
        this.body = body;
        this.peer = peer;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    String query() {
        return query;
    }

    Fields fields() {
        return fields;
    }

    byte[] body() {
        return body;
    }

    InetAddress peer() {
        return peer;
    }
}
