package io.meshwork.odcs;

import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlNode.Entry;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Completes the report of an import, so that it has each element of the document once: a key of the
 * document, of an object, or of a property, and each item of a list of maps. What no import took is
 * stored for an export.
 */
final class ReportCompletion {
  private static final String CUSTOM = "customProperties";

  /** What identifies the document, or is a part of its product. */
  private static final Set<String> OF_PRODUCT =
      Set.of("apiVersion", "kind", "name", "version", "status", "domain", "team");

  /** What a property is in one element: its type, and its place in the keys of the table. */
  private static final Set<String> OF_TYPE =
      Set.of(
          "name",
          "logicalType",
          "physicalType",
          "required",
          "primaryKey",
          "primaryKeyPosition",
          "partitioned",
          "partitionKeyPosition");

  private static final Set<String> OF_TYPE_CUSTOM =
      Set.of(
          "enumSymbols",
          "enumDefault",
          StatedPartition.TRANSFORM,
          OptionRules.RULE_ID + OptionRules.RANGE,
          OptionRules.RULE_ID + OptionRules.EXCLUSIVE,
          OptionRules.RULE_ID + OptionRules.LENGTH);

  /** The stronger outcome of two, first; what one object uses is mapped. */
  private static final List<Outcome> STRONGEST =
      List.of(Outcome.REFUSED, Outcome.NOT_EXECUTED, Outcome.MAPPED, Outcome.PRESERVED);

  private final Map<String, Element> elements = new LinkedHashMap<>();
  private final TreeSet<String> paths = new TreeSet<>();

  private ReportCompletion(Collection<Element> reported) {
    for (Element each : reported) {
      elements.merge(each.path(), each, ReportCompletion::merged);
      paths.add(each.path());
    }
  }

  /**
   * Returns the elements of a document in its order.
   *
   * @param reported what the imports of its objects reported
   */
  static List<Element> of(YamlNode root, Collection<Element> reported) {
    ReportCompletion all = new ReportCompletion(reported);
    all.document(root);
    return all.elements.values().stream().sorted(Comparator.comparingInt(Element::line)).toList();
  }

  private static Element merged(Element one, Element other) {
    boolean first = STRONGEST.indexOf(one.outcome()) <= STRONGEST.indexOf(other.outcome());
    Element stronger = first ? one : other;
    if (one.outcome() != other.outcome()) {
      return stronger;
    }
    Set<String> notes = new LinkedHashSet<>(List.of(one.note(), other.note()));
    notes.remove("");
    return new Element(one.path(), one.line(), one.outcome(), String.join("; ", notes));
  }

  private void document(YamlNode root) {
    for (Map.Entry<String, Entry> each : root.entries().entrySet()) {
      String key = each.getKey();
      YamlNode value = each.getValue().value();
      if (key.equals("schema")) {
        objects(value);
      } else if (key.equals("description")) {
        value.entries().forEach((part, entry) -> add(key + "." + part, entry, Outcome.PRESERVED));
      } else {
        addOther(key, each.getValue(), OF_PRODUCT.contains(key));
      }
    }
  }

  private void objects(YamlNode objects) {
    for (int i = 0; i < objects.items().size(); i++) {
      YamlNode object = objects.items().get(i);
      String path = "schema[" + i + "]";
      boolean mapped = !elements.containsKey(path);
      add(path, object, Outcome.MAPPED);
      level(object, path, mapped, Set.of("name", "logicalType"));
    }
  }

  private void level(YamlNode element, String path, boolean mapped, Set<String> own) {
    for (Map.Entry<String, Entry> each : element.entries().entrySet()) {
      String key = each.getKey();
      String at = path + "." + key;
      YamlNode value = each.getValue().value();
      if (key.equals("properties")) {
        for (int i = 0; i < value.items().size(); i++) {
          property(value.items().get(i), at + "[" + i + "]", mapped);
        }
      } else if (key.equals("items")) {
        property(value, at, mapped);
      } else if (key.equals("map") && mapped) {
        value.entries().forEach((part, entry) -> property(entry.value(), at + "." + part, true));
      } else if (!own.contains(key)) {
        addOther(at, each.getValue(), mapped && key.equals("unique"));
      }
    }
  }

  private void property(YamlNode property, String path, boolean mapped) {
    // Properties below a column of a simple type, such as a string, become no column.
    boolean column = mapped && elements.containsKey(path);
    add(path, property, Outcome.PRESERVED);
    level(property, path, column, OF_TYPE);
  }

  /** One element, or one for each item of a list of maps. */
  private void addOther(String path, Entry entry, boolean mapped) {
    List<YamlNode> items = entry.value().items();
    if (path.endsWith("." + AllowedValues.KEY)) {
      add(path, entry, Outcome.PRESERVED);
      return;
    }
    if (items.isEmpty() || items.get(0).entries().isEmpty()) {
      add(path, entry, mapped ? Outcome.MAPPED : Outcome.PRESERVED);
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      boolean type =
          path.endsWith("." + CUSTOM) && OF_TYPE_CUSTOM.contains(items.get(i).textOf("property"));
      add(path + "[" + i + "]", items.get(i), mapped || type ? Outcome.MAPPED : Outcome.PRESERVED);
    }
  }

  private void add(String path, Entry entry, Outcome outcome) {
    add(path, entry.key().place().line(), outcome);
  }

  private void add(String path, YamlNode node, Outcome outcome) {
    add(path, node.place().line(), outcome);
  }

  /** An element of which a part was reported is that part. */
  private void add(String path, int line, Outcome outcome) {
    String below = paths.higher(path + ".");
    boolean isReported =
        elements.containsKey(path)
            || (below != null && below.startsWith(path + ".") && path.endsWith("Options"));
    if (!isReported) {
      elements.put(path, new Element(path, line, outcome, ""));
    }
  }
}
