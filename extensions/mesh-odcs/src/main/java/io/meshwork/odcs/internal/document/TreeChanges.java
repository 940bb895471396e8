package io.meshwork.odcs.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the JSON of two contracts, each with its place, so that they apply to a
 * contract of which another place was edited. Columns and rules are found by their names, and the
 * type of a column with and without null is one place.
 */
public final class TreeChanges {
  private static final String AT = "at";
  private static final String FROM = "from";
  private static final String TO = "to";

  /** The step to a type, whether null is allowed or not. */
  private static final String TYPE = "*";

  private static final Set<String> TYPES = Set.of("type", "items", "values");
  private static final List<String> NAMES = List.of("name", "id");
  private static final Comparator<JsonNode> EQUAL_NUMBERS =
      (one, other) ->
          one.equals(other)
                  || (one.isNumber()
                      && other.isNumber()
                      && one.decimalValue().compareTo(other.decimalValue()) == 0)
              ? 0
              : 1;

  private final ArrayNode changes = JsonNodeFactory.instance.arrayNode();

  private TreeChanges() {}

  /** Returns what leads from one tree to another. */
  public static ArrayNode between(ObjectNode from, ObjectNode to) {
    TreeChanges all = new TreeChanges();
    all.objects(from, to, List.of());
    return all.changes;
  }

  /**
   * Returns a tree with a change; null if its place is not there or was edited.
   *
   * @param tree is not modified
   */
  public static @Nullable ObjectNode with(ObjectNode tree, JsonNode change) {
    ObjectNode copy = tree.deepCopy();
    List<String> steps = new ArrayList<>();
    change.path(AT).forEach(step -> steps.add(step.asText()));
    return !steps.isEmpty() && apply(copy, steps, change) ? copy : null;
  }

  private void compare(
      @Nullable JsonNode from, @Nullable JsonNode to, List<String> at, boolean isType) {
    if (from != null && to != null && same(from, to)) {
      return;
    }
    if (from == null || to == null) {
      add(from, to, at);
    } else if (isType && nullAt(from) == nullAt(to)) {
      compare(value(from), value(to), plus(at, TYPE), false);
    } else if (from instanceof ObjectNode one
        && to instanceof ObjectNode target
        && !isScalar(one)) {
      objects(one, target, at);
    } else if (from.isArray() && !names(from).isEmpty() && names(from).equals(names(to))) {
      for (int i = 0; i < from.size(); i++) {
        compare(from.get(i), to.get(i), plus(at, nameOf(from.get(i))), false);
      }
    } else {
      add(from, to, at);
    }
  }

  private void objects(ObjectNode from, ObjectNode to, List<String> at) {
    Set<String> keys = new TreeSet<>();
    from.fieldNames().forEachRemaining(keys::add);
    to.fieldNames().forEachRemaining(keys::add);
    boolean inSchema = !at.isEmpty() && at.get(0).equals("schema");
    for (String key : keys) {
      compare(from.get(key), to.get(key), plus(at, key), inSchema && TYPES.contains(key));
    }
  }

  private void add(@Nullable JsonNode from, @Nullable JsonNode to, List<String> at) {
    ObjectNode change = changes.addObject();
    at.forEach(change.putArray(AT)::add);
    if (from != null) {
      change.set(FROM, from);
    }
    if (to != null) {
      change.set(TO, to);
    }
  }

  private static boolean apply(JsonNode node, List<String> steps, JsonNode change) {
    String step = steps.get(0);
    JsonNode next = child(node, step);
    if (steps.size() > 1 && !(steps.size() == 2 && steps.get(1).equals(TYPE))) {
      return next != null && apply(unwrapped(next, steps), rest(next, steps), change);
    }
    JsonNode old = steps.size() == 1 ? next : next == null ? null : value(next);
    JsonNode from = change.get(FROM);
    if (old == null ? from != null : from == null || !same(old, from)) {
      return false;
    }
    return replace(node, step, old, change.get(TO));
  }

  private static JsonNode unwrapped(JsonNode next, List<String> steps) {
    return isTypeStep(next, steps) ? value(next) : next;
  }

  private static List<String> rest(JsonNode next, List<String> steps) {
    return steps.subList(isTypeStep(next, steps) ? 2 : 1, steps.size());
  }

  private static boolean isTypeStep(JsonNode next, List<String> steps) {
    return steps.get(1).equals(TYPE) && !next.has(TYPE);
  }

  private static boolean replace(
      JsonNode node, String step, @Nullable JsonNode old, @Nullable JsonNode to) {
    if (!(node instanceof ObjectNode object)) {
      return false;
    }
    JsonNode holder = object.get(step);
    if (to == null) {
      object.remove(step);
    } else if (holder instanceof ArrayNode union && !holder.equals(old)) {
      union.set(1 - nullAt(union), to);
    } else {
      object.set(step, to);
    }
    return true;
  }

  private static @Nullable JsonNode child(JsonNode node, String step) {
    if (!node.isArray()) {
      return node.get(step);
    }
    for (JsonNode each : node) {
      if (nameOf(each).equals(step)) {
        return each;
      }
    }
    return null;
  }

  /** A type without parts, such as a time: it changes as a whole. */
  private static boolean isScalar(ObjectNode node) {
    return node.has("logicalType");
  }

  /** Where null is in a union with one type; -1 for other types. */
  private static int nullAt(JsonNode type) {
    if (!type.isArray() || type.size() != 2) {
      return -1;
    }
    return type.get(0).asText().equals("null") ? 0 : type.get(1).asText().equals("null") ? 1 : -1;
  }

  private static JsonNode value(JsonNode type) {
    int at = nullAt(type);
    return at < 0 ? type : type.get(1 - at);
  }

  /** The names of the elements of a list; empty if one has none, or two have the same. */
  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(each -> names.add(nameOf(each)));
    return names.contains("") || new HashSet<>(names).size() < names.size() ? List.of() : names;
  }

  private static String nameOf(JsonNode element) {
    return NAMES.stream()
        .map(key -> element.path(key).asText())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(EQUAL_NUMBERS, other);
  }

  private static List<String> plus(List<String> steps, String step) {
    List<String> all = new ArrayList<>(steps);
    all.add(step);
    return all;
  }
}
