package dev.ringmaster.lb.config;

import com.google.common.base.Splitter;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types of values that any program has: numbers, durations, sizes, words and lists. */
final class ValueTypes {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Map<String, Duration> DURATION_UNITS = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "m",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1));
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(B|KB|MB|GB|KiB|MiB|GiB)?");
    private static final Map<String, Long> SIZE_UNITS = Map.of(
            "B",
            1L,
            "KB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30);

    static final ValueType<Boolean> BOOLEAN = new ValueType<>("true or false", text -> switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException(text);
    });

    private ValueTypes() {}

    /** From 0 to 24 hours. */
    static ValueType<Duration> duration() {
        return new ValueType<>("a duration such as 500ms, 2s, 1m, at most 24h", ValueTypes::readDuration);
    }

    static ValueType<Duration> positiveDuration() {
        return new ValueType<>("a duration such as 500ms, 2s, 1m, above 0 and at most 24h", text -> {
            Duration duration = readDuration(text);
            require(duration.isPositive(), text);
            return duration;
        });
    }

    private static Duration readDuration(String text) {
        Matcher parts = DURATION.matcher(text);
        require(parts.matches(), text);
        Duration unit = found(DURATION_UNITS, parts.group(2));
        Duration duration = unit.multipliedBy(Long.parseLong(parts.group(1)));
        require(duration.compareTo(LONGEST) <= 0, text);
        return duration;
    }

    /** A number of bytes; {@code bound} is {@code most} in words. */
    static ValueType<Long> size(long most, String bound) {
        return new ValueType<>("a size such as 0, 64KiB, 10MB, at most " + bound, text -> {
            Matcher parts = SIZE.matcher(text);
            require(parts.matches(), text);
            String unit = parts.group(2);
            long factor = unit == null ? 1 : found(SIZE_UNITS, unit);
            BigInteger size = new BigInteger(parts.group(1)).multiply(BigInteger.valueOf(factor));
            require(size.compareTo(BigInteger.valueOf(most)) <= 0, text);
            return size.longValueExact();
        });
    }

    static ValueType<Integer> integer(int least, int most) {
        return new ValueType<>("a whole number from " + least + " to " + most, text -> {
            require(text.matches("[0-9]{1,10}"), text);
            long number = Long.parseLong(text);
            require(number >= least && number <= most, text);
            return (int) number;
        });
    }

    static ValueType<String> matching(String expectation, String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return new ValueType<>(expectation, text -> {
            require(compiled.matcher(text).matches(), text);
            return text;
        });
    }

    static ValueType<String> oneOf(String... words) {
        return oneOf(Stream.of(words).collect(Collectors.toMap(word -> word, word -> word)), List.of(words));
    }

    /** The constants of an enum in lower case. */
    static <E extends Enum<E>> ValueType<E> oneOf(Class<E> constants) {
        List<E> all = List.of(constants.getEnumConstants());
        return oneOf(
                all.stream().collect(Collectors.toMap(ValueTypes::word, constant -> constant)),
                all.stream().map(ValueTypes::word).toList());
    }

    private static <T> ValueType<T> oneOf(Map<String, T> values, List<String> words) {
        return new ValueType<>("one of " + String.join(", ", words), text -> found(values, text));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Elements between commas; an empty text is an empty list. */
    static <T> ValueType<List<T>> listOf(String expectation, ValueType.Reader<T> element) {
        return new ValueType<>(
                expectation, true, text -> elements(text).map(element::read).toList());
    }

    static Stream<String> elements(String text) {
        return text.isEmpty() ? Stream.empty() : Splitter.on(',').trimResults().splitToStream(text);
    }

    private static <T> T found(Map<String, T> values, String word) {
        T value = values.get(word);
        if (value == null) {
            throw new IllegalArgumentException(word);
        }
        return value;
    }

    static void require(boolean condition, String text) {
        if (!condition) {
            throw new IllegalArgumentException(text);
        }
    }
}
