package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Dist;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that somebody else wrote, from source to requests. */
class CustomPolicyIT {
    private static final String SERVICE = "dev.ringmaster.lb.balance.BalancingPolicyFactory";
    private static final String LAST_FIRST = """
            import dev.ringmaster.lb.balance.BalancingPolicy;
            import dev.ringmaster.lb.balance.BalancingPolicyFactory;
            import dev.ringmaster.lb.balance.Candidates;
            import dev.ringmaster.lb.replica.Replica;
            import java.util.Iterator;

            public final class LastFirst implements BalancingPolicyFactory {
                @Override
                public String name() {
                    return "last-first";
                }

                @Override
                public BalancingPolicy create() {
                    return (key, table) -> {
                        Iterator<Replica> order = table.serving().reversed().iterator();
                        return () -> order.hasNext() ? order.next() : null;
                    };
                }
            }
            """;

    @Test
    void policy_ofPlugin_decides(@TempDir Path directory) throws Exception {
        Path jar = Plugin.jar(
                directory, "LastFirst", LAST_FIRST, SERVICE, Dist.home().resolve("lib"));
        try (Three three = new Three("policy=last-first", "plugins=" + jar)) {
            assertThat(three.shares(100)).isEqualTo(Map.of("C", 100));
            three.origin("C").close();
            assertThat(three.shares(100)).as("its second choice").isEqualTo(Map.of("B", 100));
        }
    }
}
