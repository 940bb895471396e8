package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes a document of 3.2 as one of 3.1: what only 3.2 has becomes custom properties, from which
 * {@link RestoredVersion} recreates the same document. An {@code enum} is also a check, a map an
 * object, and a vector a list of numbers.
 */
final class PreviousVersion {
  /** Custom properties with the elements of 3.2 start with this. */
  static final String PREFIX = OdcsKeys.PREFIX + "odcs.";

  /** Elements of an object or a property that become a custom property of the same name. */
  static final List<String> MOVED =
      List.of("context", "synonyms", "deprecated", "semanticType", "id");

  static final String CALCULATED = "calculated";
  static final String RELATIONSHIPS = "relationships";
  static final String LEVELS = "slaProperties";
  static final String SERVER = "server";
  static final String VENDORS = "vendors";
  static final String VECTOR = "vector";
  static final String CUSTOM = "customProperties";
  static final String DEFINITIONS = "authoritativeDefinitions";
  static final String OPTIONS = "logicalTypeOptions";
  static final String TYPE = "logicalType";
  static final String INDEX = "index";

  /** What a server of each type may have. */
  static final Set<String> OF_SERVER =
      Set.of("server", "type", "description", "environment", "id", "roles", CUSTOM);

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern REFERENCE =
      Pattern.compile(
          "[A-Za-z_][A-Za-z0-9_]*\\.[A-Za-z_][A-Za-z0-9_]*"
              + "|(?:(?:https?://)?[A-Za-z0-9._/-]+\\.yaml#)?/?[A-Za-z_][A-Za-z0-9_]*/[A-Za-z0-9_-]+"
              + "(?:/[A-Za-z_][A-Za-z0-9_]*/[A-Za-z0-9_-]+)*");
  private static final Set<String> ADDED_SERVERS =
      Set.of(
          "btrieve",
          "exasol",
          "fastobjects",
          "hana",
          "iceberg",
          "ingres",
          "poet",
          "teradata",
          "vectorwise",
          "versant");

  private PreviousVersion() {}

  /** Returns the document as 3.1; it may still have what 3.1 forbids. */
  static YamlNode of(YamlNode root) {
    YamlNode document = moved(vendors(root), "context");
    if (document.textOf("status").isEmpty()) {
      document = keep(document, "status", YamlNode.text("absent"));
      document = document.with("status", YamlNode.text("draft"));
    }
    document = levels(each(document, "servers", PreviousVersion::server));
    return each(document, "schema", PreviousVersion::element);
  }

  static YamlNode each(YamlNode map, String key, UnaryOperator<YamlNode> change) {
    YamlNode list = map.get(key);
    return list == null || !list.isList()
        ? map
        : map.with(key, YamlNode.list(list.items().stream().map(change).toList(), list.place()));
  }

  private static YamlNode keep(YamlNode element, String name, YamlNode value) {
    YamlNode property =
        YamlNode.of(OdcsKeys.object().put("property", PREFIX + name)).with("value", value);
    return TreeMerge.append(element, CUSTOM, property);
  }

  private static YamlNode moved(YamlNode element, String key) {
    YamlNode value = element.get(key);
    if (value == null || (key.equals("id") && ID.matcher(value.text()).matches())) {
      return element;
    }
    return keep(element.with(key, null), key, value);
  }

  /** A custom property of 3.1 has no vendor: the list says whose each is. */
  private static YamlNode vendors(YamlNode node) {
    if (node.isList()) {
      return YamlNode.list(
          node.items().stream().map(PreviousVersion::vendors).toList(), node.place());
    }
    YamlNode result = node;
    for (Map.Entry<String, YamlNode.Entry> each : node.entries().entrySet()) {
      String key = each.getKey();
      YamlNode value = each.getValue().value();
      if (!key.equals(CUSTOM) && !key.equals(AllowedValues.KEY) && !key.equals("map")) {
        result = result.with(key, vendors(value));
      }
    }
    YamlNode custom = result.get(CUSTOM);
    List<YamlNode> owned = new ArrayList<>();
    for (YamlNode each : custom == null ? List.<YamlNode>of() : custom.items()) {
      if (each.get("vendor") != null) {
        ObjectNode owner = OdcsKeys.object().put("property", each.textOf("property"));
        owned.add(YamlNode.of(owner.put("vendor", each.textOf("vendor"))));
      }
    }
    return owned.isEmpty()
        ? result
        : keep(each(result, CUSTOM, each -> each.with("vendor", null)), VENDORS, list(owned));
  }

  private static YamlNode list(List<YamlNode> items) {
    return YamlNode.list(items, SourcePosition.NONE);
  }

  /** An object or a property. */
  private static YamlNode element(YamlNode element) {
    YamlNode result = extracted(element, "properties", CALCULATED, PreviousVersion::isCalculated);
    result = each(result, "properties", PreviousVersion::element);
    YamlNode items = result.get("items");
    result = items == null ? result : result.with("items", element(items));
    result =
        extracted(
            result,
            RELATIONSHIPS,
            RELATIONSHIPS,
            each -> each.get("id") != null || !isReference(each));
    result = each(result, "quality", check -> moved(check, "id"));
    result = enumerated(result);
    if (result.textOf(TYPE).equals("map")) {
      result = moved(result, "map").with(TYPE, YamlNode.text("object"));
    } else if (result.textOf(TYPE).equals(VECTOR)) {
      result = vector(result);
    }
    for (String key : MOVED) {
      result = moved(result, key);
    }
    return result;
  }

  private static boolean isCalculated(YamlNode property) {
    return OdcsTypes.isCalculated(property.json());
  }

  private static boolean isReference(YamlNode relationship) {
    for (String end : List.of("from", "to")) {
      YamlNode columns = relationship.get(end);
      if (columns != null) {
        for (YamlNode column : columns.isList() ? columns.items() : List.of(columns)) {
          if (!REFERENCE.matcher(column.text()).matches()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Moves items of a list, with their places, into a custom property. */
  private static YamlNode extracted(
      YamlNode element, String key, String name, Predicate<YamlNode> moves) {
    YamlNode list = element.get(key);
    if (list == null || list.items().stream().noneMatch(moves)) {
      return element;
    }
    List<YamlNode> remaining = new ArrayList<>();
    List<YamlNode> moved = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      if (moves.test(item)) {
        moved.add(YamlNode.of(OdcsKeys.object().put(INDEX, i)).with("element", item));
      } else {
        remaining.add(item);
      }
    }
    YamlNode rest = remaining.isEmpty() ? null : YamlNode.list(remaining, list.place());
    return keep(element.with(key, rest), name, list(moved));
  }

  private static YamlNode enumerated(YamlNode property) {
    YamlNode entries = property.get(AllowedValues.KEY);
    if (entries == null) {
      return property;
    }
    YamlNode values =
        list(
            entries.items().stream()
                .flatMap(entry -> Stream.ofNullable(entry.get("value")))
                .toList());
    YamlNode check =
        YamlNode.of(OdcsKeys.object().put("metric", "invalidValues"))
            .with("arguments", YamlNode.of(OdcsKeys.object()).with("validValues", values))
            .with("mustBe", YamlNode.of(OdcsKeys.object().put("n", 0)).get("n"));
    return TreeMerge.append(
        property.with(AllowedValues.KEY, null), "quality", keep(check, AllowedValues.KEY, entries));
  }

  private static YamlNode vector(YamlNode property) {
    YamlNode options = property.get(OPTIONS);
    YamlNode result =
        keep(
            property.with(OPTIONS, null),
            VECTOR,
            options == null ? YamlNode.of(OdcsKeys.object()) : options);
    String elements = options == null ? "" : options.textOf("elementType");
    if (elements.equals("binary")) {
      return result.with(TYPE, YamlNode.text("string"));
    }
    YamlNode item = YamlNode.of(OdcsKeys.object().put(TYPE, "number"));
    return result.with(TYPE, YamlNode.text("array")).with("items", item);
  }

  /** Servers of 3.1 have no encoding, and fewer types; another one is a custom server. */
  private static YamlNode server(YamlNode server) {
    YamlNode result = moved(moved(moved(server, "encoding"), "workgroup"), "id");
    String type = result.textOf("type");
    YamlNode port = result.get("port");
    boolean differs =
        ADDED_SERVERS.contains(type)
            || (port != null && port.json().isTextual())
            || (type.equals("athena") && result.get("stagingDir") == null);
    if (!differs) {
      return result;
    }
    YamlNode own = YamlNode.of(OdcsKeys.object().put("type", type));
    for (String key : List.copyOf(result.entries().keySet())) {
      if (!OF_SERVER.contains(key)) {
        own = own.with(key, result.get(key));
        result = result.with(key, null);
      }
    }
    return keep(result.with("type", YamlNode.text("custom")), SERVER, own);
  }

  /** A level of 3.1 has no definitions and no custom properties: the document has them. */
  private static YamlNode levels(YamlNode document) {
    YamlNode levels = document.get(LEVELS);
    List<YamlNode> moved = new ArrayList<>();
    List<YamlNode> remaining = new ArrayList<>();
    for (YamlNode level : levels == null ? List.<YamlNode>of() : levels.items()) {
      YamlNode parts = YamlNode.of(OdcsKeys.object().put(INDEX, remaining.size()));
      YamlNode rest = level;
      for (String key : List.of(DEFINITIONS, CUSTOM)) {
        parts = parts.with(key, rest.get(key));
        rest = rest.with(key, null);
      }
      remaining.add(rest);
      if (parts.entries().size() > 1) {
        moved.add(parts);
      }
    }
    return levels == null || moved.isEmpty()
        ? document
        : keep(
            document.with(LEVELS, YamlNode.list(remaining, levels.place())), LEVELS, list(moved));
  }
}
