package dev.ringmaster.lb.admin;

import dev.ringmaster.lb.http.Cidr;
import java.util.List;
import java.util.Set;

/**
 * Where the admin interface listens and who may call it.
 *
 * @param bind address of the second listener
 * @param port port of the second listener; 0 takes a free one
 * @param token secret of mutating calls; empty means none
 * @param allow networks that may call without a token, beside loopback
 * @param allowGateway whether the default route's gateway may, too
 * @param hosts names that {@code Host} may carry, beside addresses, {@code localhost} and single labels
 * @param clampRemoval whether {@code /rm} of more than there are removes all instead of failing
 * @param classicPaths whether {@code /rep}, {@code /add} and {@code /rm} are answered on the main port
 */
public record AdminOptions(
        String bind,
        int port,
        String token,
        List<Cidr> allow,
        boolean allowGateway,
        Set<String> hosts,
        boolean clampRemoval,
        boolean classicPaths) {
    public AdminOptions {
        allow = List.copyOf(allow);
        hosts = Set.copyOf(hosts);
    }

    /** Everything but the secret. */
    @Override
    public String toString() {
        return "AdminOptions[bind=" + bind + ", port=" + port + ", token=" + (token.isEmpty() ? "none" : "***")
                + ", allow=" + allow + ", allowGateway=" + allowGateway + ", hosts=" + hosts + ", clampRemoval="
                + clampRemoval + ", classicPaths=" + classicPaths + "]";
    }
}
