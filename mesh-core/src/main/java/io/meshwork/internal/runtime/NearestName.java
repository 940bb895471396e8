package io.meshwork.internal.runtime;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Suggests the visible name that a misspelled one most likely means, by Levenshtein distance. */
public final class NearestName {
  private NearestName() {}

  /**
   * Returns the most similar name, if it differs in at most a third of its characters, or in at
   * most two but not all. Letters that differ in case differ.
   */
  public static Optional<String> to(String name, Collection<String> names) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : names) {
      int distance = EditDistance.between(name, candidate, least);
      if (nearest == null
          || distance < least
          || (distance == least && candidate.compareTo(nearest) < 0)) {
        nearest = candidate;
        least = distance;
      }
    }
    if (nearest == null) {
      return Optional.empty();
    }
    int longer = Math.max(name.length(), nearest.length());
    return (least < longer || name.equalsIgnoreCase(nearest)) && least <= Math.max(2, longer / 3)
        ? Optional.of(nearest)
        : Optional.empty();
  }

  /**
   * Returns a question for the nearest of the known names, such as {@code "Did you mean 'amount'?
   * "}, which can precede a fix; empty if no name is near.
   */
  public static String question(Collection<String> unknown, Collection<String> known) {
    List<String> near =
        unknown.stream().flatMap(name -> to(name, known).stream()).distinct().toList();
    return near.isEmpty() ? "" : "Did you mean '" + String.join("', '", near) + "'? ";
  }

  /** Returns the most similar name as {@link #to} does, without regard to case. */
  public static Optional<String> ignoringCase(String name, Collection<String> names) {
    return names.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .or(
            () ->
                to(
                        name.toLowerCase(Locale.ROOT),
                        names.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList())
                    .flatMap(near -> names.stream().filter(near::equalsIgnoreCase).findFirst()));
  }

  /** Returns the Levenshtein distance of two names, in characters. */
  public static int distance(String one, String other) {
    return EditDistance.between(one, other);
  }
}
