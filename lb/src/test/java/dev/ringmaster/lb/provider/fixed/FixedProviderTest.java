package dev.ringmaster.lb.provider.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ReplicaSpec;
import dev.ringmaster.lb.replica.ReplicaId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FixedProviderTest {
    private static FixedProvider of(String... addresses) {
        return new FixedProvider(new FixedOptions(
                Stream.of(addresses).map(HostAndPort::fromString).toList()));
    }

    @Test
    void list_ofAddresses_namesThemByAddressInOrder() throws ProviderException {
        try (FixedProvider provider = of("127.0.0.1:8080", "[::1]:81", "127.0.0.2")) {
            provider.check();
            assertThat(provider.managed()).isFalse();
            assertThat(provider.outlives()).isTrue();
            assertThat(provider.available()).isTrue();
            assertThat(provider.list())
                    .extracting(replica -> replica.spec().name())
                    .containsExactly("127.0.0.1:8080", "[::1]:81", "127.0.0.2");
            assertThat(provider.list())
                    .extracting(replica -> replica.spec().slot())
                    .containsExactly(0, 1, 2);
            assertThat(provider.list())
                    .extracting(replica -> replica.address())
                    .containsExactly(
                            new InetSocketAddress(InetAddresses.forString("127.0.0.1"), 8080),
                            new InetSocketAddress(InetAddresses.forString("::1"), 81),
                            new InetSocketAddress(InetAddresses.forString("127.0.0.2"), 80));
        }
    }

    @Test
    void check_ofAddressesThatCannotBe_saysWhy() {
        assertThatThrownBy(() -> of().check()).hasMessage("provider-fixed.addresses names no address");
        assertThatThrownBy(() -> of("a.invalid:1").check())
                .isInstanceOf(ProviderException.class)
                .hasMessage("provider-fixed.addresses: unknown host 'a.invalid'");
        assertThatThrownBy(() -> of("127.0.0.1:1", "127.0.0.1:1").check())
                .isInstanceOf(ProviderException.class)
                .hasMessage("provider-fixed.addresses names 127.0.0.1:1 twice");
    }

    @Test
    void start_isNotItsBusinessAndNeitherIsStop() throws ProviderException {
        try (FixedProvider provider = of("127.0.0.1:1")) {
            assertThatThrownBy(
                            () -> provider.start(new ReplicaSpec(ReplicaId.random(), "S1", 0), Duration.ofSeconds(1)))
                    .isInstanceOf(ProviderException.class);
            provider.stop(provider.list().getFirst().spec().id(), Duration.ZERO);
            assertThat(provider.list()).hasSize(1);
        }
    }
}
