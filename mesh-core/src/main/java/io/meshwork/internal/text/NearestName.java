package io.meshwork.internal.text;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Suggests the visible name that a misspelled one most likely means, by Levenshtein distance. */
public final class NearestName {
  private NearestName() {}

  /**
   * Returns the most similar name that shares a character with this one and differs in at most two
   * characters, or a third of them. A name that differs in case only comes first.
   */
  public static Optional<String> to(String name, Collection<String> names) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : names) {
      int distance =
          name.equalsIgnoreCase(candidate) ? 0 : EditDistance.between(name, candidate, least);
      int longer = Math.max(name.length(), candidate.length());
      if (distance < longer
          && distance <= Math.max(2, longer / 3)
          && (nearest == null
              || distance < least
              || (distance == least && candidate.compareTo(nearest) < 0))) {
        nearest = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /**
   * Returns a question for the nearest of the known names, such as {@code "Did you mean 'amount'?
   * "}, which can precede a fix; empty if no name is near.
   */
  public static String question(Collection<String> unknown, Collection<String> existing) {
    List<String> near =
        unknown.stream().flatMap(name -> to(name, existing).stream()).distinct().toList();
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
