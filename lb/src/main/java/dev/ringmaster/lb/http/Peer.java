package dev.ringmaster.lb.http;

import com.google.common.net.InetAddresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of a connection, and what the heads of its requests say of it: kept from the second request
 * on for as long as they name the same host, as many connections see but one. Event loop only.
 */
public final class Peer {
    private static final byte[] NOTHING = {};

    private final InetAddress address;
    private @Nullable String text;
    private byte @Nullable [] lines;
    private byte[] host = NOTHING;
    private int minorVersion = -1;

    public Peer(InetAddress address) {
        this.address = address;
    }

    public InetAddress address() {
        return address;
    }

    /** Writes the address, without a scope. */
    void writeAddress(ByteBuf out) {
        if (address instanceof Inet4Address) {
            byte[] bytes = address.getAddress();
            for (int i = 0; i < bytes.length; i++) {
                if (i > 0) {
                    out.writeByte('.');
                }
                Wire.decimal(out, Byte.toUnsignedInt(bytes[i]));
            }
        } else {
            Wire.text(out, text());
        }
    }

    private String text() {
        String known = text;
        if (known == null) {
            String full = InetAddresses.toAddrString(address);
            // A scope means nothing to anyone else.
            int scope = full.indexOf('%');
            known = scope < 0 ? full : full.substring(0, scope);
            text = known;
        }
        return known;
    }

    /** Writes what a request says of this peer, who is not trusted and whose connections all have one scheme and Via. */
    void write(RequestHead head, RequestHop hop, ByteBuf out) {
        byte[] kept = lines;
        if (kept == null) {
            ForwardedWriter.origin(head, hop, out);
            lines = NOTHING;
            return;
        }
        boolean same = minorVersion == head.minorVersion()
                && Arrays.equals(head.fields().bytes(), head.hostStart(), head.hostEnd(), host, 0, host.length);
        if (!same) {
            minorVersion = head.minorVersion();
            host = Arrays.copyOfRange(head.fields().bytes(), head.hostStart(), head.hostEnd());
            ByteBuf all = Unpooled.buffer();
            ForwardedWriter.origin(head, hop, all);
            kept = ByteBufUtil.getBytes(all);
            lines = kept;
        }
        out.writeBytes(kept);
    }
}
