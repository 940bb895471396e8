package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The rules that the options of a logical type mean: ranges, lengths, and patterns. */
final class OptionRules {
  static final String KEY = ".logicalTypeOptions";
  private static final List<String> MEANT =
      List.of(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "pattern");
  static final String RANGE = ".range";
  static final String LENGTH = ".length";
  static final String PATTERN = ".pattern";

  private final JsonNode options;
  private final String column;
  private final @Nullable Schema type;
  private final List<Rule> rules = new ArrayList<>();

  private OptionRules(JsonNode options, String column, @Nullable Schema type) {
    this.options = options;
    this.column = column;
    this.type = type;
  }

  static List<Rule> of(
      JsonNode options, String column, Schema schema, ImportFindings findings, String path) {
    OptionRules rules = new OptionRules(options, column, typeOf(schema, column));
    try {
      rules.range();
      rules.length();
      if (options.has("pattern")) {
        rules.add(
            Rule.matches(column, OdcsMetric.wholeValue(options.get("pattern").asText())), PATTERN);
      }
    } catch (InvalidRequestException e) {
      findings.preserved(path + ".logicalTypeOptions", e.reason());
    } catch (DateTimeException e) {
      findings.preserved(
          path + ".logicalTypeOptions", "a bound does not have the form of the column's type");
    }
    return rules.rules;
  }

  private void range() {
    Object low = bound("minimum");
    Object high = bound("maximum");
    Object above = exclusive("exclusiveMinimum", low);
    Object below = exclusive("exclusiveMaximum", high);
    if (above != null && above.equals(low)) {
      low = null;
    }
    if (below != null && below.equals(high)) {
      high = null;
    }
    if (low != null || high != null) {
      add(Rule.between(column, low, high), RANGE);
    }
    if (above != null || below != null) {
      add(Rule.between(column, above, below).exclusive(), ".exclusive");
    }
  }

  /** In 3.0, true makes the inclusive bound exclusive; in 3.1, the option is a bound. */
  private @Nullable Object exclusive(String name, @Nullable Object inclusive) {
    if (options.path(name).isBoolean()) {
      return options.get(name).asBoolean() ? inclusive : null;
    }
    return bound(name);
  }

  private @Nullable Object bound(String name) {
    JsonNode value = options.path(name);
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (!value.isTextual() || type == null) {
      return null;
    }
    String text = value.asText().strip();
    LogicalType logical = type.getLogicalType();
    String kind = logical == null ? "" : logical.getName();
    if (kind.equals("date")) {
      return LocalDate.parse(text);
    }
    if (kind.startsWith("time-")) {
      return LocalTime.parse(text);
    }
    if (kind.startsWith("local-timestamp-")) {
      return LocalDateTime.parse(text.replace(' ', 'T'));
    }
    if (kind.startsWith("timestamp-")) {
      Instant instant = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
      return instant;
    }
    throw new DateTimeException("not a time");
  }

  private void length() {
    for (String unit : List.of("Length", "Items")) {
      if (options.has("min" + unit) || options.has("max" + unit)) {
        int min = options.path("min" + unit).asInt(0);
        int max = options.path("max" + unit).asInt(Integer.MAX_VALUE);
        if (min > 0 || max < Integer.MAX_VALUE) {
          add(Rule.length(column, min, max), LENGTH);
        }
      }
    }
  }

  private void add(Rule rule, String suffix) {
    rules.add(rule.id(idOf(column) + suffix));
  }

  static String idOf(String column) {
    return column.replace("[]", "");
  }

  /** The paths of the values that state a rule of this origin. */
  static List<String> keysOf(String origin) {
    if (!origin.endsWith(KEY)) {
      return List.of(origin);
    }
    return MEANT.stream().map(key -> origin + "." + key).toList();
  }

  /** The type of a path, without null; null if the path does not exist. */
  static @Nullable Schema typeOf(Schema record, String path) {
    Schema type = record;
    for (String step : path.split("(?=\\[])|\\.", -1)) {
      type = NullabilityInference.value(type);
      if (step.equals("[]")) {
        if (type.getType() != Schema.Type.ARRAY) {
          return null;
        }
        type = type.getElementType();
      } else {
        Schema.Field field = type.getType() == Schema.Type.RECORD ? type.getField(step) : null;
        if (field == null) {
          return null;
        }
        type = field.schema();
      }
    }
    return NullabilityInference.value(type);
  }
}
