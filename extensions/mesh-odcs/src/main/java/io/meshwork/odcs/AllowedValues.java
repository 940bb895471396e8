package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.OdcsTypes.UnmappableException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
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
    if (VariableReference.isIn(value)) {
      return true;
    }
    return switch (logical) {
      case "" -> true;
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "date" -> isDate(value);
      default -> value.isTextual();
    };
  }

  private static boolean isDate(JsonNode value) {
    try {
      return value.isTextual() && LocalDate.parse(value.textValue()) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Returns true if a value depends on a variable. */
  static boolean haveVariables(JsonNode property) {
    for (JsonNode entry : property.path(KEY)) {
      if (VariableReference.isIn(entry.path(VALUE))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the rule that a column has one of the values.
   *
   * @param type the type of the column; null if there is none
   */
  static Rule rule(JsonNode property, String column, @Nullable Schema type) {
    List<@Nullable Object> values = new ArrayList<>();
    property.path(KEY).forEach(entry -> values.add(literal(entry.path(VALUE), type)));
    return Rule.inSet(column, values.toArray()).id(OptionRules.idOf(column) + "." + KEY);
  }

  /** Dates and times are in the type of the column, and all else as written. */
  private static @Nullable Object literal(JsonNode value, @Nullable Schema type) {
    try {
      return OptionRules.literal(value, type);
    } catch (DateTimeException e) {
      return OdcsMetric.literal(value);
    }
  }
}
