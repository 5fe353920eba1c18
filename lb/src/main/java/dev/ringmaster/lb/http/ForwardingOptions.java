package dev.ringmaster.lb.http;

import java.util.List;

/**
 * What the proxy says about itself and believes about others in forwarded heads.
 *
 * @param trusted networks whose peers' X-Forwarded-*, Forwarded and X-Request-Id fields are kept or appended to
 * @param via pseudonym in the Via field of requests
 * @param maxBody largest request body in bytes; 0 means no bound
 */
public record ForwardingOptions(List<Cidr> trusted, String via, long maxBody) {
    public ForwardingOptions {
        trusted = List.copyOf(trusted);
    }
}
