package dev.ringmaster.it.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.bulk.Bulk.Sum;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Client.Answer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Memory;
import dev.ringmaster.it.harness.Origin;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** A gibibyte each way and in each framing: every byte arrives, and the balancer holds hardly any of them. */
class GibibyteIT {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    /** On the transports that are not the default a quarter is as much beyond what may be held. */
    private static final long BODY = System.getProperty("ringmaster.transport") == null ? GIB : GIB / 4;

    private static final long WARM_UP = 64 * MIB;
    private static final long MOST_GROWTH = 64 * MIB;

    @Test
    void bodies_ofAGibibyte_arriveWholeAndAreNotHeld() throws Exception {
        try (Origin origin = BulkOrigin.start();
                Balancer balancer = Front.of(origin.port());
                Client client = new Client(balancer.port())) {
            for (boolean chunked : new boolean[] {false, true}) {
                upload(client, WARM_UP, chunked);
                download(client, WARM_UP, chunked);
            }
            for (boolean chunked : new boolean[] {false, true}) {
                measured(balancer, "upload", chunked, () -> upload(client, BODY, chunked));
                measured(balancer, "download", chunked, () -> download(client, BODY, chunked));
            }
            assertThat(origin.connections())
                    .as("all went well on the same connection")
                    .isEqualTo(1);
        }
    }

    private interface Transfer {
        void run() throws IOException;
    }

    private static void measured(Balancer balancer, String name, boolean chunked, Transfer transfer)
            throws IOException {
        long start = System.nanoTime();
        try (Memory memory = new Memory(balancer)) {
            transfer.run();
            double seconds = (System.nanoTime() - start) / 1e9;
            long growth = memory.growth();
            System.out.printf(
                    "%d MiB %s %s: %.1f s, %.0f MiB/s, balancer's memory before %d MiB, growth %.1f MiB%n",
                    BODY / MIB,
                    name,
                    chunked ? "chunked" : "with length",
                    seconds,
                    BODY / (double) MIB / seconds,
                    memory.before() / MIB,
                    (double) growth / MIB);
            assertThat(growth).isLessThan(MOST_GROWTH);
        }
    }

    private static void upload(Client client, long bytes, boolean chunked) throws IOException {
        client.send("POST /upload HTTP/1.1\r\nHost: test\r\n"
                + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + bytes) + "\r\n\r\n");
        OutputStream out = client.socket().getOutputStream();
        Sum sent = Bulk.send(out, bytes, chunked);
        Answer answer = client.answer();
        assertThat(answer.text()).isEqualTo(bytes + " " + sent.checksum());
    }

    private static void download(Client client, long bytes, boolean chunked) throws IOException {
        String head = client.get("/" + bytes + (chunked ? "/chunked" : "")).head();
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
        Sum got = chunked ? Bulk.receiveChunked(client.in()) : Bulk.receive(client.in(), bytes);
        assertThat(got).isEqualTo(Bulk.send(OutputStream.nullOutputStream(), bytes, false));
    }
}
