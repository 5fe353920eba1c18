package dev.ringmaster.lb.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConfigKeysTest {
    @Test
    void keys_haveDistinctNamesVariablesAndTexts() {
        assertThat(ConfigKeys.all()).hasSizeGreaterThan(40);
        assertThat(ConfigKeys.all().stream().map(ConfigKey::name)).doesNotHaveDuplicates();
        assertThat(ConfigKeys.all().stream().map(ConfigKey::environmentName)).doesNotHaveDuplicates();
        assertThat(ConfigKeys.all()).allSatisfy(key -> {
            assertThat(key.name()).matches("[a-z-]+(\\.[a-z-]+)?");
            assertThat(key.description()).endsWith(".");
            assertThat(key.expectation()).isNotEmpty();
        });
    }

    @Test
    void reloadableKeys_areThoseThatARunningBalancerCanTake() {
        List<String> fixed = ConfigKeys.all().stream()
                .filter(key -> !key.reloadable())
                .map(ConfigKey::name)
                .toList();
        assertThat(fixed)
                .contains("bind", "port", "threads", "admin.port", "provider", "state.dir", "proxy.via", "replicas")
                .doesNotContain(
                        "policy",
                        "hash.key",
                        "hash.ring-size",
                        "health.path",
                        "health.replace-after",
                        "drain.timeout",
                        "replica-limit",
                        "admin.token",
                        "admin.token-file",
                        "admin.allow",
                        "admin.hosts",
                        "admin.rm-overflow",
                        "access-log");
    }

    @Test
    void changes_ofKeysThatAreReadAtStart_needARestart() throws Exception {
        ConfigSources before = new ConfigSources(null, Map.of(), List.of("port=1", "policy=random"));
        ConfigSources after = new ConfigSources(null, Map.of(), List.of("port=2", "policy=mine", "threads=0"));

        assertThat(ConfigKeys.changedNeedingRestart(ConfigReader.effective(before), ConfigReader.effective(after)))
                .containsExactly("port");
        assertThat(ConfigKeys.changedNeedingRestart(new TreeMap<>(), new TreeMap<>()))
                .isEmpty();
    }

    @Test
    void markdownTable_hasARowForEachKey() {
        List<String> lines = ConfigKeys.markdownTable().lines().toList();

        assertThat(lines).hasSize(ConfigKeys.all().size() + 2);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.replace("\\|", "").chars().filter(c -> c == '|'))
                        .hasSize(6));
        assertThat(lines)
                .contains("| `health.fall` | `2` | a whole number from 1 to 1000 |"
                        + " Failures in a row until a replica is ejected. | yes |");
    }
}
