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

  /** A key without its values. Immutable. */
  public static final class Key {
    private final Map<String, List<String>> before;
    private final String name;

    private Key(Map<String, List<String>> before, String name) {
      this.before = before;
      this.name = ArgumentChecks.text("key", name);
      if (before.containsKey(name)) {
        throw ArgumentChecks.refused(
            "key", "is named already", "Give all values of a key in one call.");
      }
    }

    /** Selects what has this value of the key. */
    public TagSelection is(String value) {
      return in(value);
    }

    /** Selects what has one of these values of the key. */
    public TagSelection in(String... values) {
      List<String> some = ArgumentChecks.all("values", values);
      some.forEach(value -> ArgumentChecks.text("values", value));
      if (some.isEmpty()) {
        throw ArgumentChecks.refused("values", "is empty", "Give at least one.");
      }
      Map<String, List<String>> all = new LinkedHashMap<>(before);
      all.put(name, some);
      return new TagSelection(all);
    }
  }

  /** Begins with a key, such as {@code domain}, {@code classification} or a tag of the domain. */
  public static Key where(String key) {
    return new Key(Map.of(), key);
  }

  /** Adds a key, which must be present too. */
  public Key and(String key) {
    return new Key(wanted, key);
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
