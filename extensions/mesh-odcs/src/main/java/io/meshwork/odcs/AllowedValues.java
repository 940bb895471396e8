package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.OdcsTypes.UnmappableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@code enum} of a property: the values that it may have, each with what it means. */
final class AllowedValues {
  static final String KEY = "enum";
  private static final String VALUE = "value";

  private AllowedValues() {}

  /** Refuses values that are repeated, null, or not of the logical type. */
  static void check(JsonNode property, String path) throws UnmappableException {
    Set<JsonNode> values = new HashSet<>();
    String logical = property.path("logicalType").asText();
    JsonNode entries = property.path(KEY);
    for (int i = 0; i < entries.size(); i++) {
      JsonNode value = entries.get(i).path(VALUE);
      String at = path + "." + KEY + "[" + i + "].value";
      if (value.isNull()) {
        throw new UnmappableException(at, "null is not a value: state required instead");
      }
      if (!fits(value, logical)) {
        throw new UnmappableException(at, "it is not of the logical type " + logical);
      }
      if (!values.add(
          value.isNumber() ? new DecimalNode(value.decimalValue().stripTrailingZeros()) : value)) {
        throw new UnmappableException(at, "the value is repeated");
      }
    }
  }

  private static boolean fits(JsonNode value, String logical) {
    return switch (logical) {
      case "" -> true;
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> value.isTextual();
    };
  }

  /** Returns the rule that a column has one of the values. */
  static Rule rule(JsonNode property, String column) {
    List<@Nullable Object> values = new ArrayList<>();
    property.path(KEY).forEach(entry -> values.add(OdcsMetric.literal(entry.path(VALUE))));
    return Rule.inSet(column, values.toArray()).id(OptionRules.idOf(column) + "." + KEY);
  }
}
