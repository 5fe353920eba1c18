package dev.ringmaster.lb.provider.fixed;

import com.google.common.net.HostAndPort;
import java.util.List;

/** Addresses of replicas that somebody else runs, in slot order. */
public record FixedOptions(List<HostAndPort> addresses) {
    public FixedOptions {
        addresses = List.copyOf(addresses);
    }
}
