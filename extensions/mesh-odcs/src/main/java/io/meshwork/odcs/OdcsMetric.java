package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A check of ODCS with a metric and an operator, such as {@code nullValues mustBeLessThan 5}, as
 * rules.
 */
final class OdcsMetric {
  private static final BigDecimal STRICTLY_LESS = new BigDecimal("0.000001");
  private static final List<String> OPERATORS =
      List.of(
          "mustBe",
          "mustNotBe",
          "mustBeGreaterThan",
          "mustBeGreaterOrEqualTo",
          "mustBeLessThan",
          "mustBeLessOrEqualTo",
          "mustBeBetween",
          "mustNotBeBetween");

  private final JsonNode check;
  private final JsonNode arguments;
  private final String column;
  private final String object;

  /**
   * Creates it.
   *
   * @param column the path of its column; empty for a check of the object
   * @param object the name of the object
   */
  OdcsMetric(JsonNode check, String column, String object) {
    this.check = check;
    this.arguments = check.path("arguments");
    this.column = column;
    this.object = object;
  }

  /** The metric under its name in 3.1. */
  static String nameOf(JsonNode check) {
    String name = check.path("metric").asText(check.path("rule").asText());
    return switch (name) {
      case "duplicateCount" -> "duplicateValues";
      case "nullCount", "nullCheck" -> "nullValues";
      case "validValues" -> "invalidValues";
      default -> name;
    };
  }

  List<Rule> rules() throws InexpressibleException {
    requireKnownArguments();
    return switch (nameOf(check)) {
      case "nullValues" -> List.of(tolerating(Rule.notNull(columnName())));
      case "missingValues" -> List.of(tolerating(missing()));
      case "invalidValues" -> invalid();
      case "duplicateValues" ->
          List.of(scoped((Rule.WithScope) tolerating(Rule.unique(keys())), Rule.Scope.TABLE));
      case "rowCount" -> List.of(scoped(rowCount(), Rule.Scope.TABLE));
      default -> throw new InexpressibleException("its metric is not known");
    };
  }

  /** An argument can limit what a check is about, so none is ignored. */
  private void requireKnownArguments() throws InexpressibleException {
    Set<String> names =
        switch (nameOf(check)) {
          case "missingValues" -> Set.of("missingValues");
          case "invalidValues" -> Set.of("validValues", "pattern");
          case "duplicateValues" -> Set.of("properties");
          default -> Set.of();
        };
    for (Map.Entry<String, JsonNode> each : arguments.properties()) {
      if (!names.contains(each.getKey())) {
        throw new InexpressibleException(
            "it has the argument " + OdcsErrors.quoted(each.getKey()) + ", which no rule has");
      }
    }
  }

  private String columnName() throws InexpressibleException {
    if (column.isEmpty()) {
      throw new InexpressibleException("its metric needs a property");
    }
    return column;
  }

  /** A null is missing only if the list has it. */
  private Rule missing() throws InexpressibleException {
    List<@Nullable Object> all = values("missingValues");
    Object[] values = all.stream().flatMap(Stream::ofNullable).toArray();
    if (values.length == all.size()) {
      if (values.length == 0) {
        throw new InexpressibleException("it lists no missing value");
      }
      return Rule.notInSet(columnName(), values);
    }
    return values.length == 0 ? Rule.notNull(columnName()) : Rule.notMissing(columnName(), values);
  }

  private List<Rule> invalid() throws InexpressibleException {
    List<@Nullable Object> valid = values("validValues");
    JsonNode pattern = arguments.path("pattern");
    if (pattern.isMissingNode()) {
      pattern = check.path("pattern");
    }
    if (valid.isEmpty() == pattern.isMissingNode()) {
      throw new InexpressibleException("it needs either validValues or a pattern");
    }
    return List.of(
        tolerating(
            valid.isEmpty()
                ? Rule.matches(columnName(), wholeValue(pattern.asText()))
                : Rule.inSet(columnName(), valid.toArray())));
  }

  /** A pattern of ODCS searches; a rule matches the whole value. */
  static String wholeValue(String ecma) throws InexpressibleException {
    String pattern = EcmaPattern.toRe2(ecma);
    // An anchor belongs to one alternative only.
    boolean starts = pattern.startsWith("^") && !pattern.contains("|");
    boolean ends = pattern.endsWith("$") && !pattern.endsWith("\\$") && !pattern.contains("|");
    String middle = pattern.substring(starts ? 1 : 0, pattern.length() - (ends ? 1 : 0));
    return starts && ends
        ? middle
        : (starts ? "" : "(?s:.*)") + "(?:" + middle + ")" + (ends ? "" : "(?s:.*)");
  }

  private String[] keys() throws InexpressibleException {
    List<String> keys = new ArrayList<>();
    for (JsonNode each : arguments.path("properties")) {
      String key = each.asText();
      keys.add(key.startsWith(object + ".") ? key.substring(object.length() + 1) : key);
    }
    if (keys.isEmpty()) {
      keys.add(columnName());
    }
    return keys.toArray(new String[0]);
  }

  private List<@Nullable Object> values(String name) throws InexpressibleException {
    JsonNode list = arguments.has(name) ? arguments.get(name) : check.path(name);
    List<@Nullable Object> values = new ArrayList<>();
    for (JsonNode each : list) {
      if (each.isContainerNode()) {
        throw new InexpressibleException("a value is a map or a list");
      }
      values.add(literal(each));
    }
    return values;
  }

  static @Nullable Object literal(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return value.isBoolean()
        ? (Object) value.booleanValue()
        : value.isNumber() ? value.decimalValue() : value.asText();
  }

  private Rule.WithScope rowCount() throws InexpressibleException {
    if (percent()) {
      throw new InexpressibleException("it counts rows in percent");
    }
    @Nullable BigDecimal[] range = range();
    long low = range[0] == null ? 0 : whole(range[0].setScale(0, RoundingMode.CEILING));
    long high = range[1] == null ? Long.MAX_VALUE : whole(range[1].setScale(0, RoundingMode.FLOOR));
    return Rule.rowCount(Math.max(0, low), high);
  }

  /** The least and the greatest value that pass; null where it is open. */
  private @Nullable BigDecimal[] range() throws InexpressibleException {
    String operator = operator();
    JsonNode value = check.get(operator);
    if (operator.equals("mustBeBetween")) {
      return new @Nullable BigDecimal[] {
        above(number(value.path(0))), below(number(value.path(1)))
      };
    }
    BigDecimal number = number(value);
    return switch (operator) {
      case "mustBe" -> new @Nullable BigDecimal[] {number, number};
      case "mustBeGreaterThan" -> new @Nullable BigDecimal[] {above(number), null};
      case "mustBeGreaterOrEqualTo" -> new @Nullable BigDecimal[] {number, null};
      case "mustBeLessThan" -> new @Nullable BigDecimal[] {null, below(number)};
      case "mustBeLessOrEqualTo" -> new @Nullable BigDecimal[] {null, number};
      default -> throw new InexpressibleException("no rule has its operator");
    };
  }

  private static BigDecimal above(BigDecimal number) {
    return number.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE);
  }

  private static BigDecimal below(BigDecimal number) {
    return number.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
  }

  private Rule tolerating(Rule rule) throws InexpressibleException {
    BigDecimal most = mostFailing();
    if (most.signum() == 0) {
      return rule;
    }
    if (!(rule instanceof Rule.OnRows onRows)) {
      throw new InexpressibleException(rule.kind().text() + " does not check single rows");
    }
    return percent()
        ? onRows.toleratePercent(most.doubleValue())
        : onRows.tolerateRows(whole(most.setScale(0, RoundingMode.FLOOR)));
  }

  private BigDecimal mostFailing() throws InexpressibleException {
    String operator = operator();
    JsonNode value = check.get(operator);
    boolean range = operator.equals("mustBeBetween");
    BigDecimal number = number(range ? value.path(1) : value);
    boolean fromNone =
        switch (operator) {
          case "mustBe" -> number.signum() == 0;
          case "mustBeLessThan" -> number.signum() > 0;
          case "mustBeLessOrEqualTo" -> number.signum() >= 0;
          case "mustBeBetween" -> number(value.path(0)).signum() < 0 && number.signum() > 0;
          default -> false;
        };
    if (!fromNone) {
      throw new InexpressibleException("it demands values that fail");
    }
    if (operator.equals("mustBe") || operator.equals("mustBeLessOrEqualTo")) {
      return number;
    }
    return percent() ? number.subtract(STRICTLY_LESS).max(BigDecimal.ZERO) : below(number);
  }

  private String operator() throws InexpressibleException {
    List<String> present = OPERATORS.stream().filter(check::has).toList();
    if (present.size() != 1) {
      throw new InexpressibleException("it has " + present.size() + " operators");
    }
    return present.get(0);
  }

  private static BigDecimal number(JsonNode value) throws InexpressibleException {
    if (!value.isNumber()) {
      throw new InexpressibleException("its bound is not a number");
    }
    return value.decimalValue();
  }

  private static long whole(BigDecimal number) throws InexpressibleException {
    if (number.precision() - number.scale() > 18) {
      throw new InexpressibleException("its bound is too large");
    }
    return number.longValue();
  }

  private boolean percent() throws InexpressibleException {
    String unit = check.path("unit").asText();
    return switch (unit.strip().toLowerCase(Locale.ROOT)) {
      case "percent", "%" -> true;
      case "", "rows", "row" -> false;
      default ->
          throw new InexpressibleException("its unit " + OdcsErrors.quoted(unit) + " is not known");
    };
  }

  private Rule scoped(Rule.WithScope rule, Rule.Scope usual) {
    String name = OdcsKeys.customProperty(check, "scope").asText();
    for (Rule.Scope scope : Rule.Scope.values()) {
      if (scope.text().equals(name)) {
        return rule.scope(scope);
      }
    }
    return rule.scope(usual);
  }
}
