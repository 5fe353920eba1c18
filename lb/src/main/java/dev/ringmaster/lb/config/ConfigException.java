package dev.ringmaster.lb.config;

<<<<<<< HEAD
import java.util.List;

/** Everything that is wrong with a configuration, at once. */
public final class ConfigException extends Exception {
=======
import java.io.Serial;
import java.util.List;

/** Everything that is wrong with a configuration. */
public final class ConfigException extends Exception {
    @Serial
>>>>>>> cli
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

<<<<<<< HEAD
    ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line each: key, value, source and what was expected. */
=======
    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

>>>>>>> cli
    public List<String> problems() {
        return problems;
    }
}
