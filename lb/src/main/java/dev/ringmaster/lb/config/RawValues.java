package dev.ringmaster.lb.config;

import com.google.common.base.Ascii;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The texts of all keys after the sources have been laid over each other, and everything wrong found so far. */
final class RawValues {
    /** A text and the name of the source that it came from. */
    record Raw(String text, String source, boolean list) {}

    static final String DEFAULT = "default";
    private static final String PREFIX = "RINGMASTER_";
    /** Variables of the launcher and of the commands, which are no keys. */
    static final Set<String> OTHER_VARIABLES =
            Set.of("RINGMASTER_CONFIG", "RINGMASTER_JAVA_OPTS", "RINGMASTER_LOG_LEVEL");

    private static final int LONGEST_SHOWN = 100;

    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    private final Map<String, Raw> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    RawValues(ConfigSources sources) {
        for (ConfigKey key : ConfigKeys.all()) {
            keys.put(key.name(), key);
            values.put(key.name(), new Raw(key.defaultValue(), DEFAULT, false));
        }
        if (sources.file() != null) {
            FlatYaml.read(sources.file(), problems)
                    .forEach((key, entry) -> put(key, new Raw(entry.text().strip(), "file", entry.list())));
        }
        environment(sources.environment());
        commandLine(sources.settings());
    }

    /** The value of the setting; that of its default if the text is not as expected, which is then a problem. */
    <T> T get(Setting<T> setting) {
        Raw raw = raw(setting);
        try {
            if (raw.list && !setting.type().list()) {
                throw new IllegalArgumentException(raw.text);
            }
            return setting.type().reader().read(raw.text);
        } catch (IllegalArgumentException e) {
            problems.add(setting.name() + ": " + (raw.list ? "the list " : "") + "'" + shown(setting, raw.text)
                    + "' from " + raw.source + " is not " + setting.type().expectation());
            return setting.type().reader().read(setting.key().defaultValue());
        }
    }

    /** Whether some source names the setting with a value that is not empty. */
    boolean isSet(Setting<?> setting) {
        return !raw(setting).text.isEmpty() && !raw(setting).source.equals(DEFAULT);
    }

    /** Another default for a setting that no source names. */
    void setDefault(Setting<?> setting, String text) {
        if (raw(setting).source.equals(DEFAULT)) {
            values.put(setting.name(), new Raw(text, DEFAULT, false));
        }
    }

    void problem(String problem) {
        problems.add(problem);
    }

    void throwIfWrong() throws ConfigException {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Key to text; a secret is shown as asterisks. */
    SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        values.forEach((key, raw) -> texts.put(key, isSecret(key) && !raw.text.isEmpty() ? "***" : raw.text));
        return texts;
    }

    private Raw raw(Setting<?> setting) {
        Raw raw = values.get(setting.name());
        if (raw == null) {
            throw new IllegalArgumentException(setting.name());
        }
        return raw;
    }

    private void put(String key, Raw raw) {
        if (keys.containsKey(key)) {
            values.put(key, raw);
        } else {
            problems.add(
                    "'" + shown(key) + "' from " + raw.source + " is no known key" + suggestion(key, keys.keySet()));
        }
    }

    private void environment(Map<String, String> environment) {
        Map<String, String> names = new LinkedHashMap<>();
        keys.values().forEach(key -> names.put(key.environmentName(), key.name()));
        new TreeMap<>(environment).forEach((variable, text) -> {
            String key = names.get(variable);
            if (key != null) {
                // an empty variable is how compose files and shells say that there is none
                if (!text.isBlank()) {
                    values.put(key, new Raw(text.strip(), "environment", false));
                }
            } else if (variable.startsWith(PREFIX) && !OTHER_VARIABLES.contains(variable)) {
                problems.add("'" + shown(variable) + "' from environment is no known variable"
                        + suggestion(variable, names.keySet()));
            }
        });
    }

    private void commandLine(List<String> settings) {
        Set<String> seen = new HashSet<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String key =
                    equals < 0 ? setting.strip() : setting.substring(0, equals).strip();
            if (equals < 0) {
                problems.add("'" + shown(setting) + "' from command line is not key=value");
            } else if (!seen.add(key)) {
                problems.add(shown(key) + " stands twice on the command line");
            } else {
                put(key, new Raw(setting.substring(equals + 1).strip(), "command line", false));
            }
        }
    }

    private static String suggestion(String wrong, Collection<String> known) {
        return Nearest.to(wrong, known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    private static String shown(Setting<?> setting, String text) {
        return isSecret(setting.name()) ? "***" : shown(text);
    }

    private static boolean isSecret(String key) {
        return key.equals("admin.token") || key.equals("sticky.secret");
    }

    /** Short, and on one line. */
    static String shown(String text) {
        return Ascii.truncate(text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?"), LONGEST_SHOWN, "…");
    }
}
