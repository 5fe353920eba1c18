package dev.ringmaster.lb.config;

import java.util.List;

/** Everything that is wrong with a configuration, at once. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: key, value, source and what was expected. */
    public List<String> problems() {
        return problems;
    }
}
