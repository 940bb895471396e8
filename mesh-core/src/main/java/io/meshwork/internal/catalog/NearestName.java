package io.meshwork.internal.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The visible name that a misspelt one most likely means, by Levenshtein distance. */
public final class NearestName {
  private NearestName() {}

  /** The nearest of the names, if it differs in at most a third of its letters and at least two. */
  public static Optional<String> to(String name, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .filter(
            candidate ->
                distance(name, candidate)
                    <= Math.max(2, Math.max(name.length(), candidate.length()) / 3));
  }

  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int above = row[j];
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
        diagonal = above;
      }
    }
    return row[right.length()];
  }
}
