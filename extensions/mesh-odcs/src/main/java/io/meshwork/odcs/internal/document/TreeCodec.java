package io.meshwork.odcs.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.odcs.internal.document.YamlNode.Entry;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/**
 * Stores the tree of a document as JSON. A scalar without quotes whose text JSON would change, or
 * that another version of YAML reads as another type, such as {@code 2.50} or {@code 2020-01-31},
 * is stored as {@code {"$yaml": "2.50"}}.
 */
public final class TreeCodec {
  private static final String WRITTEN = "$yaml";
  private static final String TEXT = "$text";

  /** The order in which a person expects keys; others follow by their names. */
  private static final List<String> ORDER =
      List.of(
          "apiVersion",
          "kind",
          "id",
          "name",
          "property",
          "channel",
          "server",
          "username",
          "version",
          "status",
          "domain",
          "dataProduct",
          "tenant",
          "tags",
          "type",
          "metric",
          "purpose",
          "physicalName",
          "logicalType",
          "physicalType",
          "required",
          "value",
          "unit",
          "description",
          "schema",
          "properties",
          "items",
          "quality",
          "slaProperties",
          "team",
          "support",
          "roles",
          "price",
          "servers",
          "customProperties");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private TreeCodec() {}

  public static JsonNode encoded(YamlNode node) {
    if (node.isMap()) {
      ObjectNode object = NODES.objectNode();
      node.entries().values().forEach(each -> object.set(key(each.key()), encoded(each.value())));
      return object;
    }
    if (node.isList()) {
      ArrayNode array = NODES.arrayNode();
      node.items().forEach(item -> array.add(encoded(item)));
      return array;
    }
    return isKept(node) ? node.json() : NODES.objectNode().put(WRITTEN, node.text());
  }

  private static String key(YamlNode key) {
    if (!isKept(key)) {
      return WRITTEN + key.text();
    }
    return key.text().startsWith("$") ? TEXT + key.text() : key.text();
  }

  /** True if a scalar comes back with its type in every version of YAML. */
  private static boolean isKept(YamlNode scalar) {
    if (scalar.style() != ScalarStyle.PLAIN) {
      return true;
    }
    // Canonical JSON has no zeros at the end of a fraction.
    BigDecimal number = scalar.number();
    if (number != null && !number.stripTrailingZeros().toPlainString().equals(scalar.text())) {
      return number.scale() == 0 && number.toPlainString().equals(scalar.text());
    }
    YamlNode back = YamlNode.of(scalar.json());
    if (!back.sameAs(scalar)) {
      return false;
    }
    if (back.style() == ScalarStyle.PLAIN) {
      return true;
    }
    String text = scalar.text();
    boolean word = !text.isEmpty() && Character.isLetter(text.charAt(0));
    return word && !YamlFormatter.isWordOfEarlierYaml(text);
  }

  public static YamlNode decoded(JsonNode json) {
    if (json.isArray()) {
      List<YamlNode> items = new ArrayList<>();
      json.forEach(item -> items.add(decoded(item)));
      return YamlNode.list(items, SourcePosition.NONE);
    }
    if (!json.isObject()) {
      return YamlNode.of(json);
    }
    if (json.size() == 1 && json.path(WRITTEN).isTextual()) {
      return YamlNode.scalar(json.path(WRITTEN).asText(), ScalarStyle.PLAIN, SourcePosition.NONE);
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    json.properties().stream()
        .sorted(Comparator.comparingInt(each -> rank(each.getKey())))
        .forEachOrdered(
            each -> {
              YamlNode key = decodedKey(each.getKey());
              entries.put(key.text(), new Entry(key, decoded(each.getValue())));
            });
    return YamlNode.map(entries, SourcePosition.NONE);
  }

  private static int rank(String key) {
    int rank = ORDER.indexOf(key);
    return rank < 0 ? ORDER.size() : rank;
  }

  private static YamlNode decodedKey(String key) {
    if (key.startsWith(WRITTEN)) {
      return YamlNode.scalar(
          key.substring(WRITTEN.length()), ScalarStyle.PLAIN, SourcePosition.NONE);
    }
    return YamlNode.text(key.startsWith(TEXT) ? key.substring(TEXT.length()) : key);
  }
}
