package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ringmaster.lb.config.ConfigException;
import dev.ringmaster.lb.config.ConfigReader;
import dev.ringmaster.lb.config.ConfigSources;
import dev.ringmaster.lb.config.LoadBalancerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConfigReloadTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ConfigReload.class);
    private final ListAppender<ILoggingEvent> records = new ListAppender<>();
    private final List<LoadBalancerConfig> applied = new ArrayList<>();
    private List<String> settings = List.of();

    private ConfigOptions.Loaded read(Map<String, String> changes) throws ConfigException {
        List<String> all = new ArrayList<>(settings);
        changes.forEach((key, text) -> all.add(key + "=" + text));
        ConfigSources sources = new ConfigSources(null, Map.of(), all);
        return new ConfigOptions.Loaded(ConfigReader.read(sources), ConfigReader.effective(sources));
    }

    private ConfigReload reload() throws ConfigException {
        return new ConfigReload(read(Map.of()), this::read, applied::add);
    }

    @BeforeEach
    void listen() {
        records.start();
        logger.addAppender(records);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(records);
    }

    @Test
    void run_newSettings_areAppliedAndTheirKeysLogged() throws ConfigException {
        ConfigReload reload = reload();
        settings = List.of("health.interval=2s", "replicas=5");

        reload.run();

        assertThat(applied).hasSize(1);
        assertThat(records.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("configuration reloaded changed=[health.interval, replicas] needs-restart=[replicas]");
    }

    @Test
    void change_ofLiveKeys_isAppliedAndOutlastsAReload() throws ConfigException {
        ConfigReload reload = reload();
        reload.change(Map.of("policy", "random"));
        reload.change(Map.of("health.fall", "7"));
        assertThat(applied.getLast().balance().policy()).isEqualTo("random");
        assertThat(applied.getLast().health().fall()).isEqualTo(7);
        settings = List.of("health.interval=2s");
        reload.run();
        assertThat(applied.getLast().balance().policy()).isEqualTo("random");
        assertThat(reload.texts()).containsEntry("policy", "random").containsEntry("health.interval", "2s");
    }

    @Test
    void change_thatCannotBe_changesNothing() throws ConfigException {
        ConfigReload reload = reload();
        assertThatThrownBy(() -> reload.change(Map.of("port", "1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only a restart changes port");
        assertThatThrownBy(() -> reload.change(Map.of("policy", "a b", "polcy", "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean policy?")
                .hasMessageContaining("policy: 'a b'");
        assertThat(applied).isEmpty();
        reload.change(Map.of("policy", "random"));
        assertThat(applied).hasSize(1);
    }

    @Test
    void run_twice_tellsOnlyWhatChangedSince() throws ConfigException {
        ConfigReload reload = reload();
        settings = List.of("health.interval=2s");
        reload.run();

        reload.run();

        assertThat(records.list.getLast().getFormattedMessage()).contains("changed=[] ");
    }

    @Test
    void run_ofKeysThatNeedARestart_leavesThemAsTheyAreAndSaysSoEachTime() throws ConfigException {
        ConfigReload reload = reload();
        String port = reload.texts().get("port");
        settings = List.of("port=6000", "health.interval=2s");
        reload.run();
        assertThat(reload.texts()).containsEntry("port", port).containsEntry("health.interval", "2s");
        reload.run();
        assertThat(records.list.getLast().getFormattedMessage()).contains("changed=[] needs-restart=[port]");
        reload.change(Map.of("policy", "random"));
        assertThat(reload.texts()).containsEntry("port", port).containsEntry("policy", "random");
        assertThatThrownBy(() -> reload.change(Map.of("replicas", "6")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Only a restart changes replicas");
    }

    @Test
    void run_wrongSettings_keepsTheOldAndLogsProblems() throws ConfigException {
        ConfigReload reload = reload();
        settings = List.of("no-such-key=1");

        reload.run();

        assertThat(applied).isEmpty();
        assertThat(records.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("configuration kept")
                        .contains("no-such-key"));
    }

    @Test
    void run_applyingFails_isLoggedAndGoesOn() throws ConfigException {
        ConfigReload reload = new ConfigReload(read(Map.of()), this::read, _ -> {
            throw new IllegalStateException("broken");
        });

        reload.run();

        assertThat(records.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("broken");
    }
}
