package dev.ringmaster.lb.config;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** All keys, for readers of documents and of error messages. */
public final class ConfigKeys {
    private ConfigKeys() {}

    /** Every key, in the order in which a reader should meet them. */
    public static List<ConfigKey> all() {
        return Settings.keys();
    }

    /** Names of keys whose texts differ and which a running balancer does not take over. */
    public static List<String> changedNeedingRestart(
            SortedMap<String, String> before, SortedMap<String, String> after) {
        return all().stream()
                .filter(key -> !key.reloadable())
                .map(ConfigKey::name)
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .toList();
    }

    /** The table of the documentation. */
    public static String markdownTable() {
        return all().stream()
                .map(key -> "| `%s` | %s | %s | %s | %s |\n"
                        .formatted(
                                key.name(),
                                key.defaultValue().isEmpty() ? "" : "`" + key.defaultValue() + "`",
                                cell(key.expectation()),
                                cell(key.description()),
                                key.reloadable() ? "yes" : ""))
                .collect(Collectors.joining(
                        "", "| key | default | value | meaning | reload |\n|---|---|---|---|---|\n", ""));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
