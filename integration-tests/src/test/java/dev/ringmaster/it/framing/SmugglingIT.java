package dev.ringmaster.it.framing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringmaster.it.framing.Attacker.Answers;
import dev.ringmaster.it.framing.StrictReader.Reading;
import dev.ringmaster.it.harness.Balancer;
import dev.ringmaster.it.harness.Front;
import dev.ringmaster.it.harness.Soon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Nothing is smuggled: whatever a client sends, the origin hears only what the client said, and answers find their way. */
class SmugglingIT {
    private static final int TRIALS = Integer.getInteger("smuggling.trials", 1000);
    /** After so many it is judged what the origin has heard. */
    private static final int ROUND = 1000;

    private static final int CONTROLS = Math.min(TRIALS, 10_000);
    private static final long SEED = Optional.ofNullable(System.getProperty("smuggling.seed"))
            .map(Long::parseLong)
            .orElseGet(System::nanoTime);

    @Test
    void balancer_hostilePayloads_originHearsOnlyWhatClientsSaid() throws Exception {
        Trials trials = new Trials(SEED);
        List<String> wrong = new ArrayList<>();
        Oracle oracle = new Oracle();
        int heard = 0;
        int shared = 0;
        try (RecordingOrigin origin = new RecordingOrigin();
                Balancer balancer = Front.of(origin.port(), "threads=1", "admin.classic-paths=false");
                Innocent innocent = new Innocent(balancer.port())) {
            Attacker attacker = new Attacker(balancer.port(), new SplittableRandom(SEED));
            for (int i = 0; i < TRIALS; i++) {
                Payload trial = trials.next();
                Reading said = oracle.say(trial.text());
                Answers answers = attacker.send(trial.text());
                if (!mayBe(answers.echoes(), said)) {
                    wrong.add("answered " + answers.echoes() + " to " + trial);
                }
                oracle.say(Innocent.request(Trials.token(i)));
                String connection = innocent.ask(Trials.token(i));
                heard += answers.echoes().isEmpty() ? 0 : 1;
                shared += connection.equals(answers.connection()) ? 1 : 0;
                if ((i + 1) % ROUND == 0 || i + 1 == TRIALS) {
                    Soon.until(origin::idle);
                    wrong.addAll(oracle.violations(origin.take()));
                    oracle.turn();
                }
            }
        }
        System.out.printf(
                "smuggling: seed=%d trials=%d answered-by-origin=%d innocent-on-same-connection=%d violations=%d%n",
                SEED, TRIALS, heard, shared, wrong.size());
        assertThat(wrong).as("seed " + SEED).isEmpty();
        assertThat(heard).as("payloads that reached the origin").isGreaterThan(TRIALS / 20);
        assertThat(shared).as("innocent requests behind a payload").isGreaterThan(TRIALS / 50);
    }

    /** The control: where nobody looks at the payloads the oracle must catch each that is not what it should be. */
    @Test
    void relay_samePayloads_oracleCatchesEach() throws Exception {
        List<String> missed = new ArrayList<>();
        int faulty = 0;
        try (RecordingOrigin origin = new RecordingOrigin();
                Relay relay = new Relay(origin.port())) {
            Attacker attacker = new Attacker(relay.port(), new SplittableRandom(SEED));
            Trials trials = new Trials(SEED);
            for (int i = 0; i < CONTROLS; i++) {
                Payload trial = trials.next();
                Oracle oracle = new Oracle();
                boolean fault = oracle.say(trial.text()).fault().isPresent();
                attacker.send(trial.text());
                Soon.until(origin::unused);
                boolean caught = !oracle.violations(origin.take()).isEmpty();
                faulty += fault ? 1 : 0;
                if (fault && !caught) {
                    missed.add(trial.toString());
                }
            }
        }
        System.out.printf(
                "smuggling control: seed=%d trials=%d faulty=%d caught=%d%n",
                SEED, CONTROLS, faulty, faulty - missed.size());
        assertThat(missed).as("seed " + SEED).isEmpty();
        assertThat(faulty).isGreaterThan(CONTROLS / 2);
    }

    /** Answers come in the order of what was said, and none to anything else. */
    private static boolean mayBe(List<String> echoes, Reading said) {
        List<String> allowed = said.complete().stream()
                .map(request -> request.method() + " " + request.target())
                .toList();
        return echoes.size() <= allowed.size() && echoes.equals(allowed.subList(0, echoes.size()));
    }
}
