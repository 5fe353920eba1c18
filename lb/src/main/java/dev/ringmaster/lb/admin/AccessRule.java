package dev.ringmaster.lb.admin;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who may change the pool.
 *
 * <p>With a token: whoever carries it. Without one all of these must hold, because a browser on an allowed machine
 * sends what any web page tells it to:
 *
 * <ul>
 *   <li>the peer is loopback, in an allowed network or an allowed gateway, and is no managed replica (replicas on
 *       loopback share their address with everybody else there and are not told apart);
 *   <li>{@code Sec-Fetch-Site} and {@code Origin}, if present, say that the page came from here;
 *   <li>{@code Host} is no name that somebody's name server could have pointed here (DNS rebinding).
 * </ul>
 */
final class AccessRule {
    enum Verdict {
        ALLOWED,
        /** The token is missing or wrong. */
        UNAUTHORIZED,
        FORBIDDEN
    }

    private static final String SCHEME = "http://";
    private static final String BEARER = "bearer ";

    private final AdminOptions options;
    private final Set<InetAddress> gateways;

    /** {@code gateways}: addresses that are let in like an allowed network. */
    AccessRule(AdminOptions options, Set<InetAddress> gateways) {
        this.options = options;
        this.gateways = Set.copyOf(gateways);
    }

    Verdict judge(AdminRequest request, Predicate<InetAddress> isReplica) {
        if (!options.token().isEmpty()) {
            return carriesToken(request.fields().first("Authorization")) ? Verdict.ALLOWED : Verdict.UNAUTHORIZED;
        }
        boolean allowed = peerAllowed(request.peer(), isReplica)
                && sameSite(request.fields().first("Sec-Fetch-Site"))
                && sameOrigin(request.fields().first("Origin"), request.fields().first("Host"))
                && hostAllowed(request.fields().first("Host"));
        return allowed ? Verdict.ALLOWED : Verdict.FORBIDDEN;
    }

    /** In constant time for a given length of what was sent. */
    private boolean carriesToken(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return false;
        }
        byte[] sent = authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(sent, options.token().getBytes(StandardCharsets.UTF_8));
    }

    private boolean peerAllowed(InetAddress peer, Predicate<InetAddress> isReplica) {
        if (peer.isLoopbackAddress()) {
            return true;
        }
        boolean known = gateways.contains(peer) || options.allow().stream().anyMatch(network -> network.contains(peer));
        return known && !isReplica.test(peer);
    }

    private static boolean sameSite(@Nullable String site) {
        return site == null || site.equals("same-origin") || site.equals("none");
    }

    private static boolean sameOrigin(@Nullable String origin, @Nullable String host) {
        return origin == null || origin.equalsIgnoreCase(SCHEME + host);
    }

    private boolean hostAllowed(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = withoutPort(host);
        if (name.startsWith("[") && name.endsWith("]")) {
            String address = name.substring(1, name.length() - 1);
            return address.contains(":") && InetAddresses.isInetAddress(address);
        }
        return name.matches("[A-Za-z0-9_-]+")
                || (!name.contains(":") && InetAddresses.isInetAddress(name))
                || options.hosts().contains(name.toLowerCase(Locale.ROOT));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean port =
                colon > host.lastIndexOf(']') && host.substring(colon + 1).matches("[0-9]{0,5}");
        return port ? host.substring(0, colon) : host;
    }
}
