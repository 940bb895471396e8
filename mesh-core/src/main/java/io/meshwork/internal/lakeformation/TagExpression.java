package io.meshwork.internal.lakeformation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.meshwork.internal.runtime.ArgumentChecks;
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
 * An LF-tag expression. A resource matches if for each key it has one of the values. Keys and
 * values are in lower case; their order is irrelevant. An expression without keys matches nothing.
 * Immutable.
 */
public final class TagExpression {
  private final SortedMap<String, List<String>> values;
  private final int bytes;

  private TagExpression(SortedMap<String, List<String>> values, int bytes) {
    this.values = Collections.unmodifiableSortedMap(values);
    this.bytes = bytes;
  }

  /**
   * Returns an expression.
   *
   * @param values the accepted values for each key
   */
  public static TagExpression of(Map<String, ? extends Collection<String>> values) {
    ArgumentChecks.required("values", values);
    SortedMap<String, List<String>> lowerCased = new TreeMap<>();
    values.forEach(
        (key, some) ->
            lowerCased.put(
                CaseInsensitiveNames.of(key),
                List.copyOf(
                    some.stream()
                        .map(CaseInsensitiveNames::of)
                        .collect(Collectors.toCollection(TreeSet::new)))));
    return new TagExpression(lowerCased, json(values).getBytes(StandardCharsets.UTF_8).length);
  }

  @JsonCreator
  private static TagExpression ofLists(Map<String, List<String>> values) {
    return of(values);
  }

  public static TagExpression of(String key, String... values) {
    return of(Map.of(ArgumentChecks.text("key", key), ArgumentChecks.all("values", values)));
  }

  /** Returns the keys with their values, sorted, in lower case. */
  @JsonValue
  public SortedMap<String, List<String>> values() {
    return values;
  }

  /** Returns true if tags, in lower case, match. */
  public boolean matches(Map<String, String> tags) {
    for (Map.Entry<String, List<String>> wanted : values.entrySet()) {
      String value = tags.get(wanted.getKey());
      if (value == null || !wanted.getValue().contains(value)) {
        return false;
      }
    }
    return !values.isEmpty();
  }

  /** The size of the original expression as compact JSON. Lake Formation accepts 900 bytes. */
  public int bytes() {
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

  /** Text such as {@code domain in (sales) and sensitivity in (internal, public)}. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " in (" + String.join(", ", entry.getValue()) + ")")
        .collect(Collectors.joining(" and "));
  }
}
