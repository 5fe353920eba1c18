package dev.ringmaster.lb.balance;

import com.google.common.net.InetAddresses;
import dev.ringmaster.hashing.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The configured request key: a chain of sources of which the first that a request has is hashed; a random number if it
 * has none. Immutable; any thread.
 */
public final class RequestKey {
    private final List<Source> chain;
    private final KeyHash function;
    private final LongSupplier random;

    private RequestKey(List<Source> chain, KeyHash function, LongSupplier random) {
        this.chain = chain;
        this.function = function;
        this.random = random;
    }

    /**
     * Reads a chain such as {@code [header:X-User, client-ip]}.
     *
     * @throws IllegalArgumentException if an entry is no key source
     */
    static RequestKey of(List<String> entries, KeyHash function, LongSupplier random) {
        List<Source> chain = new ArrayList<>();
        for (String entry : entries) {
            if (entry.equals("random")) {
                break;
            }
            chain.add(source(entry));
        }
        return new RequestKey(List.copyOf(chain), function, random);
    }

    /** The key's hash for one request. */
    public long hash(KeySource request) {
        for (Source source : chain) {
            if (source == Plain.CLIENT_IP) {
                byte[] address = request.clientAddress();
                return function.hash(address, 0, address.length);
            }
            long place = source.place(request);
            // An empty value is none: all requests without one would share a home.
            if ((int) place > 0) {
                return function.hash(request.bytes(), (int) (place >>> 32), (int) place);
            }
        }
        return random.getAsLong();
    }

    /** What is hashed of a key with that text: an address is the client's, where that may be the key. */
    byte[] bytesOf(String text) {
        return chain.contains(Plain.CLIENT_IP) && InetAddresses.isInetAddress(text)
                ? InetAddresses.forString(text).getAddress()
                : text.getBytes(StandardCharsets.UTF_8);
    }

    /** The hash of a key that has that value. */
    long hashOf(byte[] value) {
        return function.hash(value, 0, value.length);
    }

    /** Whether no request has a key of its own. */
    boolean random() {
        return chain.isEmpty();
    }

    /** Whether every request has the same key, or none, by both chains. */
    boolean sameSources(RequestKey other) {
        return chain.equals(other.chain);
    }

    /** Lower-case name of the header that the key is taken from; null if it is taken from none. */
    public @Nullable String header() {
        for (Source source : chain) {
            if (source instanceof Header header) {
                return header.name();
            }
        }
        return null;
    }

    /** The place of a key in a request, by an entry of a chain other than {@code random}. */
    static Source source(String entry) {
        int name = entry.indexOf(':') + 1;
        return switch (name == entry.length() ? "" : entry.substring(0, name == 0 ? entry.length() : name)) {
            case "header:" -> new Header(entry.substring(name).toLowerCase(Locale.ROOT));
            case "cookie:" -> new Parameter(true, entry.substring(name));
            case "query:" -> new Parameter(false, entry.substring(name));
            case "client-ip" -> Plain.CLIENT_IP;
            case "path" -> Plain.PATH;
            case "uri" -> Plain.URI;
            default -> throw new IllegalArgumentException("'" + entry + "' is not a source of request keys");
        };
    }

    /** Where a request has its key. */
    sealed interface Source {
        long place(KeySource request);
    }

    private enum Plain implements Source {
        CLIENT_IP,
        PATH,
        URI;

        @Override
        public long place(KeySource request) {
            return switch (this) {
                case CLIENT_IP -> -1;
                case PATH -> request.path();
                case URI -> request.uri();
            };
        }
    }

    private record Header(String name) implements Source {
        @Override
        public long place(KeySource request) {
            return request.header(name);
        }
    }

    /** A {@code name=value} pair of the cookie header (separated by {@code ;}) or of the query (by {@code &}). */
    private record Parameter(boolean cookie, String name) implements Source {
        @Override
        public long place(KeySource request) {
            long within = cookie ? request.header("cookie") : query(request);
            if (within < 0) {
                return -1;
            }
            byte[] bytes = request.bytes();
            int end = (int) (within >>> 32) + (int) within;
            int start = (int) (within >>> 32);
            while (start < end) {
                int stop = start;
                while (stop < end && bytes[stop] != (cookie ? ';' : '&')) {
                    stop++;
                }
                int from = start;
                while (cookie && from < stop && bytes[from] == ' ') {
                    from++;
                }
                if (named(bytes, from, stop)) {
                    return KeySource.place(from + name.length() + 1, stop - from - name.length() - 1);
                }
                start = stop + 1;
            }
            return -1;
        }

        private boolean named(byte[] bytes, int from, int stop) {
            int equals = from + name.length();
            if (equals >= stop || bytes[equals] != '=') {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if (bytes[from + i] != (byte) name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private static long query(KeySource request) {
            long uri = request.uri();
            int pathLength = (int) request.path();
            int rest = (int) uri - pathLength - 1;
            return rest <= 0 ? -1 : KeySource.place((int) (uri >>> 32) + pathLength + 1, rest);
        }
    }
}
