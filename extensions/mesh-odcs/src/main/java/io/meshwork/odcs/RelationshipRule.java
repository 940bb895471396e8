package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A foreign key whose custom property {@code targetProduct} names a product, as a rule. Columns are
 * named {@code object.column} or {@code /schema/object/properties/column}.
 */
final class RelationshipRule {
  private RelationshipRule() {}

  /**
   * Returns the rule of a relationship; empty if it names no product.
   *
   * @param column the property that has it; empty for a relationship of the object
   */
  static Optional<Rule> of(JsonNode relationship, String column) {
    String product = OdcsKeys.customProperty(relationship, "targetProduct").asText("");
    List<String> from = column.isEmpty() ? columns(relationship.path("from")) : List.of(column);
    List<String> to = columns(relationship.path("to"));
    if (product.isEmpty() || from.isEmpty() || from.size() != to.size()) {
      return Optional.empty();
    }
    return Optional.of(
        from.size() == 1
            ? Rule.references(from.get(0), product, to.get(0))
            : Rule.references(from, product, to));
  }

  private static List<String> columns(JsonNode names) {
    List<String> columns = new ArrayList<>();
    if (names.isTextual()) {
      columns.add(column(names.asText()));
    }
    names.forEach(name -> columns.add(column(name.asText())));
    return columns;
  }

  private static String column(String name) {
    return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
  }
}
