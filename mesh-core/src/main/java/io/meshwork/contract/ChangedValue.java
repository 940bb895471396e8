package io.meshwork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract.Contact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says how a value of a contract changes, as the end of a sentence. Stateless. */
final class ChangedValue {
  private static final int MAX_CHARACTERS = 80;
  private static final int MAX_PARTS = 5;
  private static final String NOTHING = "nothing";

  private ChangedValue() {}

  /** Returns such as {@code from 1 to 2}; of a map or a set, what each of its parts becomes. */
  static String between(@Nullable Object before, @Nullable Object after) {
    Map<String, Object> old = parts(before);
    Map<String, Object> now = parts(after);
    if (old == null || now == null) {
      return "from " + shortened(text(before)) + " to " + shortened(text(after));
    }
    List<String> changes = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      Object was = old.get(name);
      Object is = now.get(name);
      if (was == null || is == null) {
        Object only = was == null ? is : was;
        boolean isPart = name.equals(only);
        changes.add(
            shortened(name)
                + (was == null ? " is new" : " is removed")
                + (isPart ? "" : was == null ? ", " + value(is) : ", it was " + value(was)));
      } else if (!was.equals(is)) {
        changes.add(shortened(name) + " from " + value(was) + " to " + value(is));
      }
    }
    if (changes.isEmpty()) {
      return "its parts are in another order";
    }
    return String.join("; ", changes.subList(0, Math.min(changes.size(), MAX_PARTS)))
        + (changes.size() > MAX_PARTS ? "; and " + (changes.size() - MAX_PARTS) + " more" : "");
  }

  /** Returns the start of a long text. */
  static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= MAX_CHARACTERS
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_CHARACTERS - 1)) + "…";
  }

  private static String value(@Nullable Object value) {
    return shortened(text(value));
  }

  /** The parts of a map, an object, or a set by their names; null for other values. */
  private static @Nullable Map<String, Object> parts(@Nullable Object value) {
    Map<String, Object> parts = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (name, part) -> parts.put(String.valueOf(name), '"' + String.valueOf(part) + '"'));
    } else if (value instanceof JsonNode node && node.isObject()) {
      node.properties().forEach(part -> parts.put(part.getKey(), part.getValue()));
    } else if (value instanceof Collection<?> all) {
      all.forEach(part -> parts.put(text(part), text(part)));
    } else {
      return null;
    }
    return parts;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Contact contact) {
      return contact.channel() + " " + contact.address() + " for " + contact.scope();
    }
    return value == null ? NOTHING : value.toString();
  }
}
