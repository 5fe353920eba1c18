package dev.ringmaster.lb.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A YAML file as a flat map: {@code health: {interval: 1s}} is the same as {@code health.interval: 1s}, a list is its
 * elements between commas. Reads events, not a tree: no alias is ever expanded and no type is ever guessed.
 */
final class FlatYaml {
    /** What the file says about a key. */
    record Entry(String text, boolean list) {}

    private static final YAMLFactory YAML = new YAMLFactory();
    private static final int DEEPEST = 8;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> problems;
    private final YAMLParser yaml;

    private FlatYaml(YAMLParser yaml, List<String> problems) {
        this.yaml = yaml;
        this.problems = problems;
    }

    /** Reads the file; what is wrong with it is added to {@code problems}. */
    static Map<String, Entry> read(Path file, List<String> problems) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                YAMLParser yaml = YAML.createParser(reader)) {
            FlatYaml flat = new FlatYaml(yaml, problems);
            flat.document();
            return flat.entries;
        } catch (JsonProcessingException e) {
            String where =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            problems.add("file " + file + where + ": "
                    + (Throwables.getRootCause(e) instanceof CharacterCodingException
                            ? "not UTF-8"
                            : firstLine(e.getOriginalMessage())));
        } catch (IOException e) {
            problems.add("file " + file + " cannot be read: " + e);
        } catch (RuntimeException e) { // the YAML library has unchecked errors for some malformed texts
            problems.add("file " + file + " is not YAML: " + firstLine(String.valueOf(e.getMessage())));
        }
        return Map.of();
    }

    private void document() throws IOException {
        JsonToken first = yaml.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            problems.add("the file is not a map of keys to values");
            return;
        }
        map("", 1);
        if (yaml.nextToken() != null) {
            problems.add("the file holds more than one document");
        }
    }

    private void map(String prefix, int depth) throws IOException {
        Set<String> names = new HashSet<>();
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + yaml.currentName();
            JsonToken value = yaml.nextToken();
            if (!names.add(name)) {
                problems.add(RawValues.shown(name) + " stands twice in the file");
                yaml.skipChildren();
            } else if (value == JsonToken.START_OBJECT && depth < DEEPEST) {
                map(name + ".", depth + 1);
            } else if (value == JsonToken.START_ARRAY) {
                put(name, new Entry(list(name), true));
            } else {
                put(name, new Entry(scalar(name), false));
            }
        }
    }

    private String list(String name) throws IOException {
        List<String> elements = new ArrayList<>();
        while (yaml.nextToken() != JsonToken.END_ARRAY) {
            elements.add(scalar(name));
        }
        return String.join(",", elements);
    }

    private String scalar(String name) throws IOException {
        JsonToken token = yaml.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return "";
        }
        if (!token.isScalarValue() || yaml.isCurrentAlias()) {
            problems.add(RawValues.shown(name) + " in the file is not a plain value");
            yaml.skipChildren();
            return "";
        }
        return yaml.getText();
    }

    private void put(String name, Entry entry) {
        if (entries.putIfAbsent(name, entry) != null) {
            problems.add(RawValues.shown(name) + " stands twice in the file");
        }
    }

    /** What the library says, less the Java exception that it names after a malformed escape or number. */
    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return RawValues.shown(line.replaceFirst(": failed to tokenize due to .*", ""));
    }
}
