package dev.ringmaster.lb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DefaultGatewayTest {
    @TempDir
    private Path directory;

    @Test
    void table_withADefaultRoute_givesItsGateway() throws Exception {
        String gateway = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "010012AC" : "AC120001";
        assertThat(DefaultGateway.read(table(
                        "eth0\t00000000\t" + gateway + "\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                        "eth0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
                        "eth1\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0",
                        "tun0\t00000000\t0900000A\t0003\t0\t0\t0\t00000080\t0\t0\t0")))
                .containsExactly(InetAddresses.forString("172.18.0.1"));
    }

    @Test
    void table_withoutADefaultRouteOrUnreadable_givesNone() throws Exception {
        assertThat(DefaultGateway.read(table())).isEmpty();
        assertThat(DefaultGateway.read(table("eth0\t00000000\tXYZ\t0003\t0\t0\t0\t00000000\t0\t0\t0")))
                .isEmpty();
        assertThat(DefaultGateway.read(directory.resolve("none"))).isEmpty();
    }

    private Path table(String... routes) throws Exception {
        return Files.writeString(
                directory.resolve("route"),
                "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                        + String.join("\n", routes));
    }
}
