package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A foreign key whose custom property {@code targetProduct} names a product, as a rule. Columns are
 * named {@code object.column} or {@code /schema/object/properties/column}.
 */
final class RelationshipRule {
  /** The custom property with the product that a relationship refers to. */
  static final String TARGET = "targetProduct";

  private RelationshipRule() {}

  /**
   * Returns the rule of a relationship; empty if it names no product.
   *
   * @param column the property that has it; empty for a relationship of the object
   * @param object the object, whose columns may be named by their IDs
   */
  static Optional<Rule> of(JsonNode relationship, String column, JsonNode object) {
    String product = OdcsKeys.customProperty(relationship, TARGET).asText("");
    List<String> from =
        column.isEmpty() ? columns(relationship.path("from"), object) : List.of(column);
    List<String> to = columns(relationship.path("to"), MissingNode.getInstance());
    if (product.isEmpty() || from.isEmpty() || from.size() != to.size()) {
      return Optional.empty();
    }
    return Optional.of(
        from.size() == 1
            ? Rule.references(from.get(0), product, to.get(0))
            : Rule.references(from, product, to));
  }

  /** Reports why a relationship does not become a rule. */
  static void report(
      JsonNode relationship, String column, JsonNode object, ImportFindings findings, String at) {
    int from = column.isEmpty() ? columns(relationship.path("from"), object).size() : 1;
    int to = columns(relationship.path("to"), MissingNode.getInstance()).size();
    if (from == to) {
      findings.preserved(
          at, "it names no product as its targetProduct; products(..) names those of objects");
    } else {
      findings.ambiguous(at, "its two ends have " + from + " and " + to + " columns");
    }
  }

  private static List<String> columns(JsonNode names, JsonNode object) {
    List<String> columns = new ArrayList<>();
    if (names.isTextual()) {
      columns.add(column(names.asText(), object));
    }
    names.forEach(name -> columns.add(column(name.asText(), object)));
    return columns;
  }

  private static String column(String name, JsonNode object) {
    int slash = name.lastIndexOf('/');
    if (slash < 0) {
      return name.substring(name.indexOf('.') + 1);
    }
    String id = name.substring(slash + 1);
    for (JsonNode property : object.path("properties")) {
      if (property.path("id").asText().equals(id)) {
        return property.path("name").asText();
      }
    }
    return id;
  }
}
