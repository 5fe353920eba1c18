package dev.ringmaster.lb.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    private ConfigOptions.Loaded read() throws ConfigException {
        ConfigSources sources = new ConfigSources(null, Map.of(), settings);
        return new ConfigOptions.Loaded(ConfigReader.read(sources), ConfigReader.effective(sources));
    }

    private ConfigReload reload() throws ConfigException {
        return new ConfigReload(read(), this::read, applied::add);
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
    void run_twice_tellsOnlyWhatChangedSince() throws ConfigException {
        ConfigReload reload = reload();
        settings = List.of("health.interval=2s");
        reload.run();

        reload.run();

        assertThat(records.list.getLast().getFormattedMessage()).contains("changed=[] ");
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
        ConfigReload reload = new ConfigReload(read(), this::read, _ -> {
            throw new IllegalStateException("broken");
        });

        reload.run();

        assertThat(records.list.getFirst().getThrowableProxy().getMessage()).isEqualTo("broken");
    }
}
