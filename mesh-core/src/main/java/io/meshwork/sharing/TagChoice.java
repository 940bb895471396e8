package io.meshwork.sharing;

import io.meshwork.access.TagExpression;
import io.meshwork.internal.runtime.Arguments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses products and columns by their tags: every key must be there, with one of its values. Case
 * means nothing. Immutable.
 */
public final class TagChoice {
  private final Map<String, List<String>> wanted;

  private TagChoice(Map<String, List<String>> wanted) {
    this.wanted = wanted;
  }

  /** One key, which waits for its values. Immutable. */
  public static final class Key {
    private final Map<String, List<String>> before;
    private final String name;

    private Key(Map<String, List<String>> before, String name) {
      this.before = before;
      this.name = Arguments.text("key", name);
      if (before.containsKey(name)) {
        throw Arguments.refused("key", "was said already", "Say all values of a key at once.");
      }
    }

    /** The key has this value. */
    public TagChoice is(String value) {
      return in(value);
    }

    /** The key has one of these values. */
    public TagChoice in(String... values) {
      List<String> some = Arguments.all("values", values);
      some.forEach(value -> Arguments.text("values", value));
      if (some.isEmpty()) {
        throw Arguments.refused("values", "is empty", "Name one at least.");
      }
      Map<String, List<String>> all = new LinkedHashMap<>(before);
      all.put(name, some);
      return new TagChoice(all);
    }
  }

  /** Begins with a key, such as {@code domain}, {@code classification} or one of one's own. */
  public static Key where(String key) {
    return new Key(Map.of(), key);
  }

  /** A further key, which must be there too. */
  public Key and(String key) {
    return new Key(wanted, key);
  }

  TagExpression expression() {
    return TagExpression.of(wanted);
  }

  @Override
  public String toString() {
    return expression().toString();
  }
}
