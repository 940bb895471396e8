package io.meshwork.access;

import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Selects products and columns by their tags: each key must be present, with one of its values.
 * Keys and values are not case-sensitive. Immutable.
 */
public final class TagSelection {
  private final Map<String, List<String>> wanted;

  private TagSelection(Map<String, List<String>> wanted) {
    this.wanted = wanted;
  }

  /**
   * Selects by a key.
   *
   * @param key such as {@code domain}, {@code classification} or a tag of the domain
   * @param values the values of which one must be present
   */
  public static TagSelection where(String key, String... values) {
    return new TagSelection(Map.of()).and(key, values);
  }

  /** Adds a key, which must be present too, with one of its values. */
  public TagSelection and(String key, String... values) {
    String name = ArgumentChecks.text("key", key);
    if (wanted.containsKey(name)) {
      throw ArgumentChecks.refused(
          "key", "is named already", "Give all values of a key in one call.");
    }
    List<String> some = ArgumentChecks.all("values", values);
    some.forEach(value -> ArgumentChecks.text("values", value));
    if (some.isEmpty()) {
      throw ArgumentChecks.refused("values", "is empty", "Give at least one.");
    }
    Map<String, List<String>> all = new LinkedHashMap<>(wanted);
    all.put(name, some);
    return new TagSelection(all);
  }

  /** Returns the values that are selected, by key. Unmodifiable. */
  public Map<String, List<String>> values() {
    return Collections.unmodifiableMap(wanted);
  }

  /** The selection in one line, such as {@code domain in (commerce) and team in (a, b)}. */
  @Override
  public String toString() {
    return new TreeMap<>(wanted)
        .entrySet().stream()
            .map(entry -> entry.getKey() + " in (" + String.join(", ", entry.getValue()) + ")")
            .collect(Collectors.joining(" and "));
  }
}
