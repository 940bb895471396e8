package io.meshwork.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How an object of others differs from what the mesh wants, property by property. Immutable.
 *
 * @param added the properties that it lacks
 * @param replaced the properties that are different, each with both values
 */
record ContentDifference(List<String> added, List<String> replaced) {
  private static final int MAX_SHOWN = 8;
  private static final int MAX_VALUE = 80;

  ContentDifference {
    added = List.copyOf(added);
    replaced = List.copyOf(replaced);
  }

  /**
   * Compares contents.
   *
   * @param moving the paths of properties that change with the mesh, and do not count as different
   */
  static ContentDifference between(String actual, String wanted, Set<String> moving) {
    Comparison comparison = new Comparison(moving);
    comparison.compare("", parsed(actual), parsed(wanted));
    return new ContentDifference(comparison.added, comparison.replaced);
  }

  private static JsonNode parsed(String content) {
    return DocumentJson.parseObject("a mirrored object", content);
  }

  /** True if nothing that others set is lost when the object becomes as wanted. */
  boolean onlyAdds() {
    return replaced.isEmpty();
  }

  /** Returns true if they differ in nothing but properties that change with the mesh. */
  boolean isEmpty() {
    return added.isEmpty() && replaced.isEmpty();
  }

  @Override
  public String toString() {
    List<String> all =
        Stream.concat(replaced.stream(), added.stream().map(each -> each + " is missing")).toList();
    return String.join("; ", all.subList(0, Math.min(MAX_SHOWN, all.size())))
        + (all.size() > MAX_SHOWN ? "; and " + (all.size() - MAX_SHOWN) + " more" : "");
  }

  private static final class Comparison {
    private final Set<String> moving;
    private final List<String> added = new ArrayList<>();
    private final List<String> replaced = new ArrayList<>();

    Comparison(Set<String> moving) {
      this.moving = moving;
    }

    void compare(String path, JsonNode actual, JsonNode wanted) {
      if (actual.equals(wanted) || moving.contains(path)) {
        return;
      }
      if (wanted.isObject() && (actual.isObject() || actual.isMissingNode())) {
        Set<String> names = new TreeSet<>();
        actual.fieldNames().forEachRemaining(names::add);
        wanted.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
          compare(path.isEmpty() ? name : path + "." + name, actual.path(name), wanted.path(name));
        }
      } else if (isEmpty(actual)) {
        added.add(path);
      } else if (actual.isArray() && wanted.isArray()) {
        compareArrays(path, actual, wanted);
      } else {
        replace(path, actual, wanted);
      }
    }

    /** Lists of strings are sets, such as permissions; others are compared in their order. */
    private void compareArrays(String path, JsonNode actual, JsonNode wanted) {
      if (hasTexts(actual) && hasTexts(wanted)) {
        Set<JsonNode> others = new HashSet<>();
        actual.forEach(others::add);
        Set<JsonNode> missing = new HashSet<>();
        wanted.forEach(missing::add);
        Set<JsonNode> both = new HashSet<>(missing);
        missing.removeAll(others);
        others.removeAll(both);
        if (others.isEmpty() && missing.isEmpty()) {
          return;
        }
        if (others.isEmpty()) {
          added.add(path + " " + missing);
        } else {
          replace(path, actual, wanted);
        }
      } else if (actual.size() == wanted.size()) {
        for (int i = 0; i < actual.size(); i++) {
          compare(path + "[" + i + "]", actual.path(i), wanted.path(i));
        }
      } else {
        replaced.add(path + " has " + actual.size() + " entries instead of " + wanted.size());
      }
    }

    private static boolean hasTexts(JsonNode array) {
      for (JsonNode each : array) {
        if (!each.isTextual()) {
          return false;
        }
      }
      return true;
    }

    private static boolean isEmpty(JsonNode node) {
      return node.isMissingNode() || (node.isContainerNode() && node.isEmpty());
    }

    private void replace(String path, JsonNode actual, JsonNode wanted) {
      replaced.add(
          path
              + " is "
              + shown(actual)
              + (isEmpty(wanted)
                  ? ", which the mesh does not set"
                  : " instead of " + shown(wanted)));
    }

    private static String shown(JsonNode value) {
      String text = value.isTextual() ? value.textValue() : value.toString();
      return text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "…" : text;
    }
  }
}
