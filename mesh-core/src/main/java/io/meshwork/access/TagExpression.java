package io.meshwork.access;

import io.meshwork.internal.runtime.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses resources by their tags: every key must be there, with one of its values. Keys and values
 * are folded to lower case, and their order means nothing. An expression without keys chooses
 * nothing. Immutable.
 */
public final class TagExpression {
  private final SortedMap<String, List<String>> values;
  private final int bytes;

  private TagExpression(SortedMap<String, List<String>> values, int bytes) {
    this.values = Collections.unmodifiableSortedMap(values);
    this.bytes = bytes;
  }

  /**
   * An expression.
   *
   * @param values for each key the values of which one is needed
   */
  public static TagExpression of(Map<String, ? extends Collection<String>> values) {
    Arguments.given("values", values);
    SortedMap<String, List<String>> folded = new TreeMap<>();
    values.forEach(
        (key, some) ->
            folded.put(
                Fold.of(key),
                List.copyOf(
                    some.stream().map(Fold::of).collect(Collectors.toCollection(TreeSet::new)))));
    return new TagExpression(folded, json(values).getBytes(StandardCharsets.UTF_8).length);
  }

  /** An expression of one key. */
  public static TagExpression of(String key, String... values) {
    return of(Map.of(Arguments.text("key", key), Arguments.all("values", values)));
  }

  /** The keys in order, each with its values in order, in lower case. */
  public SortedMap<String, List<String>> values() {
    return values;
  }

  /** True if the tags, in lower case, have each key with one of its values. */
  public boolean matches(Map<String, String> tags) {
    for (Map.Entry<String, List<String>> wanted : values.entrySet()) {
      String value = tags.get(wanted.getKey());
      if (value == null || !wanted.getValue().contains(value)) {
        return false;
      }
    }
    return !values.isEmpty();
  }

  /** Bytes of the expression as JSON without blanks, as it was given; Lake Formation takes 900. */
  int bytes() {
    return bytes;
  }

  private static String json(Map<String, ? extends Collection<String>> values) {
    return values.entrySet().stream()
        .map(
            entry ->
                quoted(entry.getKey())
                    + ":"
                    + entry.getValue().stream()
                        .map(TagExpression::quoted)
                        .collect(Collectors.joining(",", "[", "]")))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TagExpression expression && values.equals(expression.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Such as {@code domain in (sales) and sensitivity in (internal, public)}. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " in (" + String.join(", ", entry.getValue()) + ")")
        .collect(Collectors.joining(" and "));
  }
}
