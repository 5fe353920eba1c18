package dev.ringmaster.lb.cli;

import com.google.common.base.CaseFormat;
import com.google.common.collect.Maps;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tree of records as a flat map from dotted names to texts, for people to read and for telling what changed. */
final class EffectiveConfig {
    private EffectiveConfig() {}

    /** Every leaf of the tree; a secret shows only whether it is set. */
    static SortedMap<String, String> of(Record root) {
        SortedMap<String, String> leaves = leaves(root);
        leaves.replaceAll((name, text) -> name.endsWith("token") && !text.isEmpty() ? "(set)" : text);
        return leaves;
    }

    /** The names of the leaves that differ, secrets included. */
    static List<String> changes(Record before, Record after) {
        var difference = Maps.difference(leaves(before), leaves(after));
        SortedMap<String, Object> changes = new TreeMap<>(difference.entriesDiffering());
        changes.putAll(difference.entriesOnlyOnLeft());
        changes.putAll(difference.entriesOnlyOnRight());
        return List.copyOf(changes.keySet());
    }

    private static SortedMap<String, String> leaves(Record root) {
        SortedMap<String, String> leaves = new TreeMap<>();
        collect("", root, leaves);
        return leaves;
    }

    private static void collect(String prefix, Record node, SortedMap<String, String> leaves) {
        for (RecordComponent part : node.getClass().getRecordComponents()) {
            String name = prefix + CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_HYPHEN, part.getName());
            Object value = read(node, part);
            if (value instanceof Record inner) {
                collect(name + ".", inner, leaves);
            } else {
                leaves.put(name, value.toString());
            }
        }
    }

    private static Object read(Record node, RecordComponent part) {
        try {
            return part.getAccessor().invoke(node);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException("cannot read " + part, failure);
        }
    }
}
