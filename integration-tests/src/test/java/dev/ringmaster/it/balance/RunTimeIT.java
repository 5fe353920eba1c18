package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.harness.Client;
import dev.ringmaster.it.harness.Http;
import dev.ringmaster.it.harness.Soon;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Policy, key and weights changed by calls while requests pass. */
class RunTimeIT {
    private static final Pattern NAME = Pattern.compile("\"([^\"]+)\":1.0");

    @Test
    void changes_underTraffic_loseNothing() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        try (Three three = new Three();
                Http admin = three.admin()) {
            List<Thread> clients =
                    List.of(traffic(three, over, answered, wrong), traffic(three, over, answered, wrong));
            for (String change : List.of(
                    "{\"policy\":\"round-robin\"}",
                    "{\"policy\":\"least-response-time\",\"hash.key\":\"uri\"}",
                    "{\"policy\":\"sticky\",\"sticky.otherwise\":\"power-of-d\"}",
                    "{\"policy\":\"consistent-hash\",\"hash.algorithm\":\"maglev\",\"hash.balance-factor\":2}",
                    "{\"policy\":\"random\"}")) {
                Client.Answer changed = admin.call("PATCH", "/api/v1/config", "", change);
                assertThat(changed.status()).as(changed.text()).isEqualTo(200);
                int before = answered.get();
                Soon.until(() -> answered.get() > before + 100);
            }
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        System.out.println("requests during changes: " + answered);
        assertThat(wrong).hasValue(0);
    }

    private static Thread traffic(Three three, AtomicBoolean over, AtomicInteger answered, AtomicInteger wrong) {
        return Thread.ofVirtual().start(() -> {
            try (Client client = three.client()) {
                while (!over.get()) {
                    if (client.get("/" + answered.incrementAndGet()).answer().status() != 200) {
                        wrong.incrementAndGet();
                    }
                }
            } catch (IOException lost) {
                wrong.incrementAndGet();
            }
        });
    }

    @Test
    void weights_changeTheSharesAndThePlanSaysSo() throws Exception {
        try (Three three = new Three("policy=round-robin", "threads=1");
                Http admin = three.admin()) {
            String weights = admin.get("/api/v1/weights").text();
            Matcher name = NAME.matcher(weights);
            assertThat(name.find()).as(weights).isTrue();
            String heavy = "{\"weights\":{\"" + name.group(1) + "\":2}}";
            assertThat(admin.post("/api/v1/plan", heavy).text()).contains("\"moved\":0.1");
            assertThat(admin.call("PATCH", "/api/v1/weights", "", heavy).status())
                    .isEqualTo(200);
            assertThat(three.shares(400)).isEqualTo(Map.of("A", 200, "B", 100, "C", 100));
            assertThat(admin.call("PATCH", "/api/v1/config", "", "{\"hash.algorithm\":\"jump\"}")
                            .status())
                    .as("an algorithm that takes no weights")
                    .isEqualTo(400);
        }
    }

    @Test
    void explanation_isWhereTheKeyGoes() throws Exception {
        try (Three three = new Three("hash.key=header:x-key");
                Http admin = three.admin()) {
            for (int key = 0; key < 30; key++) {
                String said = admin.get("/api/v1/explain?key=k" + key).text();
                Matcher first =
                        Pattern.compile("\"candidates\":\\[\\{\"slot\":([0-2])").matcher(said);
                assertThat(first.find()).as(said).isTrue();
                assertThat(three.ask("/", "X-Key: k" + key + "\r\n"))
                        .isEqualTo("ABC"
                                .substring(Integer.parseInt(first.group(1)))
                                .substring(0, 1));
            }
        }
    }
}
