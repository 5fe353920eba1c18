package dev.ringmaster.lb.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that somebody most likely meant. */
final class Nearest {
    private static final int LONGEST = 100;

    private Nearest() {}

    /** The name with the fewest edits; none if that would change more than a third of what was written. */
    static Optional<String> to(String wrong, Collection<String> known) {
        if (wrong.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .min(Comparator.comparingInt(name -> edits(wrong, name)))
                .filter(name -> edits(wrong, name) <= Math.max(2, wrong.length() / 3));
    }

    /** Insertions, deletions and replacements of a character between two words (Levenshtein). */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
