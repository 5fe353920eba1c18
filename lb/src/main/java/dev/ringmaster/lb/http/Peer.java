package dev.ringmaster.lb.http;

import com.google.common.net.InetAddresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * The client at the other end of a connection, and what the heads of its requests say of it: written once for as long as
 * they name the same host. Event loop only.
 */
public final class Peer {
    private final InetAddress address;
    private final String text;
    private byte[] lines = {};
    private byte[] host = {};
    private int minorVersion = -1;
    private String via = "";

    public Peer(InetAddress address) {
        this.address = address;
        String full = InetAddresses.toAddrString(address);
        // A scope means nothing to anyone else.
        int scope = full.indexOf('%');
        this.text = scope < 0 ? full : full.substring(0, scope);
    }

    public InetAddress address() {
        return address;
    }

    /** The address as text, without a scope. */
    String text() {
        return text;
    }

    /** What a request says of this peer, who is not trusted and whose connections all have one scheme. */
    byte[] lines(RequestHead head, RequestHop hop) {
        byte[] bytes = head.fields().bytes();
        boolean same = minorVersion == head.minorVersion()
                && via.equals(hop.via())
                && Arrays.equals(bytes, head.hostStart(), head.hostEnd(), host, 0, host.length);
        if (!same) {
            minorVersion = head.minorVersion();
            via = hop.via();
            host = Arrays.copyOfRange(bytes, head.hostStart(), head.hostEnd());
            ByteBuf out = Unpooled.buffer();
            ForwardedWriter.origin(head, hop, out);
            lines = ByteBufUtil.getBytes(out);
        }
        return lines;
    }
}
