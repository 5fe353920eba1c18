package dev.ringmaster.lb.provider.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

final class ReplicaOutputTest {
    @Test
    void lastLine_withoutItsEnd_isKept() {
        ReplicaOutput output = new ReplicaOutput("S1");
        output.readFrom(() -> new StringReader("first\nringmaster-port 1234\nlast \033[1mwords"));
        assertThat(output.tail()).isEqualTo("first | last  [1mwords");
        assertThat(output.port()).isCompletedWithValue(1234);
        assertThat(output.ended()).isCompleted();
    }
}
