package dev.ringmaster.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.64/26, 192.0.2.127, true",
        "192.0.2.64/26, 192.0.2.128, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 203.0.113.9, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true"
    })
    void contains_address_comparesThePrefix(String block, String address, boolean inside) {
        assertThat(Cidr.parse(block).contains(InetAddresses.forString(address))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/1000",
                "10.0.0/8",
                "::/129",
                "a.b/8",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8"
            })
    void parse_noBlock_throwsAndNamesIt(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text)).withMessageContaining("'" + text + "'");
    }

    @Test
    void equals_sameAddressAndPrefix_isTheSameBlock() {
        assertThat(Cidr.parse("10.0.0.1"))
                .isEqualTo(Cidr.parse("10.0.0.1/32"))
                .hasSameHashCodeAs(Cidr.parse("10.0.0.1/32"))
                .hasToString("10.0.0.1/32")
                .isNotEqualTo(Cidr.parse("10.0.0.1/31"))
                .isNotEqualTo(Cidr.parse("10.0.0.2"))
                .isNotEqualTo("10.0.0.1/32");
        assertThat(Cidr.parse("2001:DB8::/32")).hasToString("2001:db8::/32");
    }

    @Test
    void contains_randomBlocksAndAddresses_agreesWithArithmetic() throws UnknownHostException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 5000; trial++) {
            byte[] network = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(network);
            int bits = network.length * 8;
            int prefix = random.nextInt(bits + 1);
            int flipped = random.nextInt(bits);
            byte[] address = network.clone();
            address[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
            boolean inside = new BigInteger(1, network)
                    .shiftRight(bits - prefix)
                    .equals(new BigInteger(1, address).shiftRight(bits - prefix));
            String block = InetAddresses.toAddrString(InetAddress.getByAddress(network)) + "/" + prefix;

            assertThat(Cidr.parse(block).contains(InetAddress.getByAddress(address)))
                    .as("seed %d: %s, bit %d", seed, block, flipped)
                    .isEqualTo(inside);
        }
    }
}
