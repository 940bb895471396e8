package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.profile.NullabilityInference;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rules that the options of a logical type mean: ranges, lengths, and patterns. Reports each
 * option by its effect: what no rule and no type ensures is not executed.
 */
final class OptionRules {
  static final String KEY = ".logicalTypeOptions";
  static final String EXCLUSIVE = ".exclusive";

  /** Custom properties with the ID of a rule that options state; the kind of the rule follows. */
  static final String RULE_ID = "ruleId";

  static final String DIMENSIONS = "dimensions";
  static final String RANGE = ".range";
  static final String LENGTH = ".length";
  static final String PATTERN = ".pattern";
  private static final BigDecimal MAX_LENGTH = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final List<String> BOUNDS =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
  private static final List<String> LENGTHS =
      List.of("minLength", "maxLength", "minItems", "maxItems");
  private static final Set<Schema.Type> NUMBERS =
      Set.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE);

  /** Returns the rule of a range, with or without its ends. */
  private interface RangeRule {
    Rule of(String column, @Nullable Object low, @Nullable Object high);
  }

  private final JsonNode property;
  private final JsonNode options;
  private final String column;
  private final @Nullable Schema type;
  private final ImportFindings findings;
  private final String path;
  private final List<Rule> rules = new ArrayList<>();

  private OptionRules(
      JsonNode property,
      String column,
      @Nullable Schema type,
      ImportFindings findings,
      String path) {
    this.property = property;
    this.options = property.path("logicalTypeOptions");
    this.column = column;
    this.type = type;
    this.findings = findings;
    this.path = path + KEY;
  }

  static List<Rule> of(
      JsonNode property, String column, Schema schema, ImportFindings findings, String path) {
    OptionRules rules = new OptionRules(property, column, typeOf(schema, column), findings, path);
    rules.range();
    rules.length("Length");
    rules.length("Items");
    rules.pattern();
    rules.vector();
    OptionEffect effect = new OptionEffect(rules.type);
    for (Map.Entry<String, JsonNode> each : rules.options.properties()) {
      if (!isRule(each.getKey())) {
        effect.report(each.getKey(), each.getValue(), findings, rules.path);
      }
    }
    return rules.rules;
  }

  static boolean isRule(String option) {
    return BOUNDS.contains(option)
        || LENGTHS.contains(option)
        || Set.of("pattern", DIMENSIONS).contains(option);
  }

  /** A vector has as many elements as dimensions, or as many bits. */
  private void vector() {
    int dimensions = count(DIMENSIONS, 0);
    if (dimensions == 0 || type == null) {
      return;
    }
    boolean bits = type.getType() == Schema.Type.BYTES;
    int length = bits ? (dimensions - 1) / Byte.SIZE + 1 : dimensions;
    add(Rule.length(column, length, length), "." + DIMENSIONS);
    String elements = options.path("elementType").asText();
    if (elements.equals("int8")) {
      add(Rule.between(column + "[]", Byte.MIN_VALUE, Byte.MAX_VALUE), RANGE);
    } else if (elements.equals("uint8")) {
      add(Rule.between(column + "[]", 0, (1 << Byte.SIZE) - 1), RANGE);
    }
  }

  private void pattern() {
    if (VariableReference.isIn(options.path("pattern"))) {
      unmet("pattern", VariableReference.UNRESOLVED);
    } else if (options.has("pattern")) {
      try {
        String regex = OdcsMetric.wholeValue(options.get("pattern").asText());
        add(Rule.matches(column, regex), PATTERN);
      } catch (InvalidRequestException e) {
        unmet("pattern", e.reason());
      } catch (InexpressibleException e) {
        unmet("pattern", String.valueOf(e.getMessage()));
      }
    }
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
    between(low, high, RANGE, Rule::between);
    between(above, below, EXCLUSIVE, Rule::betweenExclusive);
  }

  /** One rule for both ends, or one for each if they exclude all values. */
  private void between(@Nullable Object low, @Nullable Object high, String suffix, RangeRule rule) {
    if (low == null && high == null) {
      return;
    }
    try {
      add(rule.of(column, low, high), suffix);
    } catch (InvalidRequestException e) {
      if (low == null || high == null) {
        findings.unmet(path, e.reason());
      } else {
        between(low, null, suffix, rule);
        between(null, high, suffix, rule);
      }
    }
  }

  /** In 3.0, true makes the inclusive bound exclusive; in 3.1, the option is a bound. */
  private @Nullable Object exclusive(String name, @Nullable Object inclusive) {
    if (options.path(name).isBoolean()) {
      return options.get(name).asBoolean() ? inclusive : null;
    }
    return bound(name);
  }

  /** The bound in the type of the column; null if there is none, which is reported. */
  private @Nullable Object bound(String name) {
    JsonNode value = options.path(name);
    if (value.isMissingNode()) {
      return null;
    }
    try {
      return literal(value, type);
    } catch (DateTimeException e) {
      unmet(name, "it does not have the form of the column's type");
      return null;
    }
  }

  /** Returns a value in the type of its column. */
  static Object literal(JsonNode value, @Nullable Schema type) {
    String kind =
        type == null || type.getLogicalType() == null ? "" : type.getLogicalType().getName();
    boolean number = kind.equals("decimal") || (kind.isEmpty() && isNumber(type));
    if (number && value.isNumber()) {
      return value.decimalValue();
    }
    if (!value.isTextual()) {
      throw new DateTimeException("not a time");
    }
    String text = value.asText().strip();
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
      return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
    }
    throw new DateTimeException("not a time");
  }

  private static boolean isNumber(@Nullable Schema type) {
    return type != null && NUMBERS.contains(type.getType());
  }

  private void length(String unit) {
    int min = count("min" + unit, 0);
    int max = count("max" + unit, Integer.MAX_VALUE);
    if (min > max) {
      add(Rule.length(column, min, Integer.MAX_VALUE), LENGTH);
      add(Rule.length(column, 0, max), LENGTH);
    } else if (min > 0 || max < Integer.MAX_VALUE) {
      add(Rule.length(column, min, max), LENGTH);
    }
  }

  private int count(String option, int without) {
    JsonNode value = options.path(option);
    if (!value.isNumber()) {
      return without;
    }
    return value.decimalValue().max(BigDecimal.ZERO).min(MAX_LENGTH).intValue();
  }

  private void unmet(String option, String why) {
    findings.unmet(path + "." + option, why);
  }

  private void add(Rule rule, String suffix) {
    String id = OdcsKeys.customProperty(property, RULE_ID + suffix).asText(idOf(column) + suffix);
    rules.add(rule.id(id));
  }

  static String idOf(String column) {
    return column.replace("[]", "");
  }

  /** The paths of the values that state a rule of this origin. */
  static List<String> keysOf(String origin, Rule rule) {
    if (!origin.endsWith(KEY)) {
      return List.of(origin);
    }
    List<String> keys =
        switch (rule.kind()) {
          case BETWEEN -> BOUNDS;
          case LENGTH -> LENGTHS;
          default -> List.of("pattern");
        };
    return keys.stream().map(key -> origin + "." + key).toList();
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
