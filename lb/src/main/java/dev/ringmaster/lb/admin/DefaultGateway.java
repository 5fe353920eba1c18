package dev.ringmaster.lb.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The IPv4 gateways of the default route, as Linux tells them in {@code /proc/net/route}. */
final class DefaultGateway {
    static final Path ROUTES = Path.of("/proc/net/route");
    private static final String ANYWHERE = "00000000";
    private static final int RTF_GATEWAY = 2;

    private DefaultGateway() {}

    /** Gateways in the table; none where there is no such table or it is not understood. */
    static Set<InetAddress> read(Path routes) {
        try {
            Set<InetAddress> gateways = new HashSet<>();
            for (String line : Files.readAllLines(routes, StandardCharsets.US_ASCII)) {
                List<String> columns = List.of(line.strip().split("\\s+"));
                // Iface Destination Gateway Flags RefCnt Use Metric Mask …
                if (columns.size() >= 8
                        && columns.get(1).equals(ANYWHERE)
                        && columns.get(7).equals(ANYWHERE)
                        && (Integer.parseInt(columns.get(3), 16) & RTF_GATEWAY) != 0) {
                    gateways.add(address(columns.get(2)));
                }
            }
            return gateways;
        } catch (IOException | NumberFormatException e) {
            return Set.of();
        }
    }

    /** The kernel prints the address as a number in the byte order of the machine. */
    private static InetAddress address(String hex) throws IOException {
        int number = Integer.parseUnsignedInt(hex, 16);
        return InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array());
    }
}
