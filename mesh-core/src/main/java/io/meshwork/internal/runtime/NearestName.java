package io.meshwork.internal.runtime;

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
            Comparator.<String>comparingInt(candidate -> EditDistance.between(name, candidate))
                .thenComparing(Comparator.naturalOrder()))
        .filter(
            candidate ->
                EditDistance.between(name, candidate)
                    <= Math.max(2, Math.max(name.length(), candidate.length()) / 3));
  }
}
