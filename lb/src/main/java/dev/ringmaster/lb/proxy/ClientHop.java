package dev.ringmaster.lb.proxy;

import com.google.common.base.Splitter;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.http.Fields;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.http.Peer;
import dev.ringmaster.lb.http.RequestHead;
import dev.ringmaster.lb.http.RequestHop;
import dev.ringmaster.lb.replica.Replica;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Where a request comes from: its peer, whether that peer is trusted, and on whose behalf it speaks. */
final class ClientHop {
    private final ProxyLoop loop;
    private final RequestHead head;
    private final Peer peer;
    private final boolean trusted;
    private @Nullable String requestId;

    ClientHop(ProxyLoop loop, RequestHead head, Peer peer) {
        this.loop = loop;
        this.head = head;
        this.peer = peer;
        this.trusted = isTrusted(peer.address());
    }

    /** The address that counts as the client's: the peer's, or the nearest untrusted one in X-Forwarded-For. */
    InetAddress client() {
        return trusted ? nearest(forwardedFor()) : peer.address();
    }

    /** All hops that were told, the nearest last: each proxy adds to the last field or adds a field. */
    private List<String> forwardedFor() {
        List<String> hops = new ArrayList<>();
        Fields fields = head.fields();
        String name = "x-forwarded-for";
        for (int field = fields.find(name, 0); field >= 0; field = fields.find(name, field + 1)) {
            String value = new String(
                    fields.bytes(),
                    fields.valueStart(field),
                    fields.valueEnd(field) - fields.valueStart(field),
                    StandardCharsets.ISO_8859_1);
            hops.addAll(Splitter.on(',').trimResults().splitToList(value));
        }
        return hops;
    }

    private InetAddress nearest(List<String> hops) {
        InetAddress nearest = peer.address();
        for (int i = hops.size() - 1; i >= 0 && isTrusted(nearest); i--) {
            if (!InetAddresses.isInetAddress(hops.get(i))) {
                break;
            }
            nearest = InetAddresses.forString(hops.get(i));
        }
        return nearest;
    }

    /** The request's identity: what a trusted peer gave it, else a random one. */
    String requestId() {
        String id = requestId;
        if (id == null) {
            String given = trusted ? head.fields().get("x-request-id") : null;
            id = given != null
                    ? given
                    : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            requestId = id;
        }
        return id;
    }

    RequestHop to(Replica replica) {
        ForwardingOptions options = loop.shared.forwarding();
        return new RequestHop(
                peer,
                trusted,
                "http",
                authority(replica),
                options.via(),
                requestId(),
                loop.setup.balancer().keyHeader());
    }

    /** What Host says where a client of HTTP/1.0 named none; nobody else needs it. */
    private String authority(Replica replica) {
        InetSocketAddress address = replica.address();
        return head.minorVersion() == 1
                ? ""
                : HostAndPort.fromParts(InetAddresses.toAddrString(address.getAddress()), address.getPort())
                        .toString();
    }

    private boolean isTrusted(InetAddress address) {
        for (Cidr network : loop.shared.forwarding().trusted()) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
