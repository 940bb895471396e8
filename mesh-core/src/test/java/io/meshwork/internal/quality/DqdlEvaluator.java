package io.meshwork.internal.quality;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.glue.dqdl.exception.InvalidDataQualityRulesetException;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.parser.DQDLParser;

/**
 * Evaluates rulesets as the reference of DQDL describes it, with AWS's own parser. Numbers are
 * compared as Spark does: NaN is the greatest. A composite rule evaluates each part on all rows.
 *
 * @param rows the values by column
 */
record DqdlEvaluator(List<Map<String, Object>> rows) {
  private static final Pattern NOT_NULL = Pattern.compile("`(\\w+)` is not null");
  private static final Pattern NOT_NAN = Pattern.compile("not isnan\\(`(\\w+)`\\)");
  private static final Pattern NOT_EMPTY = Pattern.compile("`(\\w+)` <> ''");
  private static final Pattern COUNT =
      Pattern.compile("select count\\(\\*\\) from primary where (.*)");
  private static final Pattern IS_NAN = Pattern.compile("isnan\\(`(\\w+)`\\)");
  private static final Pattern NOT_COMPARED =
      Pattern.compile("not \\(`(\\w+)` (<>|<=|>=|=|<|>) `(\\w+)`\\)");
  private static final Pattern CONDITION =
      Pattern.compile("(not )?(between|in|matches|>=|<=|!=|>|<|=)(.*)", Pattern.DOTALL);

  /** Returns true if all rules pass. */
  boolean passes(String ruleset) {
    try {
      return new DQDLParser().parse(ruleset).getRules().stream().allMatch(this::passes);
    } catch (InvalidDataQualityRulesetException e) {
      throw new AssertionError("AWS's parser rejects " + ruleset + ": " + e.getMessage(), e);
    }
  }

  private boolean passes(DQRule rule) {
    if (!rule.getNestedRules().isEmpty()) {
      if (!"AND".equals(String.valueOf(rule.getOperator()))) {
        throw new AssertionError("Unknown composition " + rule);
      }
      return rule.getNestedRules().stream().allMatch(this::passes);
    }
    List<Map<String, Object>> kept = filtered(rule.getWhereClause());
    List<String> names = List.copyOf(rule.getParameters().values());
    return switch (rule.getRuleType()) {
      case "IsComplete" -> values(kept, names.get(0)).size() == kept.size();
      case "Completeness" -> compares(rule, completeness(kept, names.get(0)));
      case "IsUnique", "IsPrimaryKey" -> isUnique(kept, names, rule.getRuleType());
      case "RowCount" -> compares(rule, kept.size());
      case "DistinctValuesCount" -> compares(rule, distinct(values(kept, names.get(0))));
      case "Mean" -> compares(rule, mean(values(kept, names.get(0))));
      case "Sum" -> compares(rule, sum(values(kept, names.get(0))));
      case "ColumnValues" -> shares(rule, kept, row -> holds(rule, row.get(names.get(0))));
      case "ColumnLength" -> shares(rule, kept, row -> holds(rule, length(row.get(names.get(0)))));
      case "CustomSql" -> compares(rule, count(names.get(0)));
      default -> throw new AssertionError("Unknown rule " + rule);
    };
  }

  private List<Map<String, Object>> filtered(String where) {
    List<Map<String, Object>> kept = rows;
    if (where == null) {
      return kept;
    }
    for (String condition : where.split(" and ")) {
      Predicate<Map<String, Object>> holds = condition(condition);
      kept = kept.stream().filter(holds).toList();
    }
    return kept;
  }

  private static Predicate<Map<String, Object>> condition(String condition) {
    Matcher notNull = NOT_NULL.matcher(condition);
    Matcher notNan = NOT_NAN.matcher(condition);
    Matcher notEmpty = NOT_EMPTY.matcher(condition);
    if (notNull.matches()) {
      return row -> row.get(notNull.group(1)) != null;
    }
    if (notNan.matches()) {
      return row -> !isNaN(row.get(notNan.group(1)));
    }
    if (notEmpty.matches()) {
      return row -> row.get(notEmpty.group(1)) instanceof String text && !text.isEmpty();
    }
    throw new AssertionError("Unknown filter " + condition);
  }

  private long count(String sql) {
    Matcher count = COUNT.matcher(sql);
    if (!count.matches()) {
      throw new AssertionError("Unknown SQL " + sql);
    }
    Matcher nan = IS_NAN.matcher(count.group(1));
    Matcher compared = NOT_COMPARED.matcher(count.group(1));
    if (nan.matches()) {
      return rows.stream().filter(row -> isNaN(row.get(nan.group(1)))).count();
    }
    if (compared.matches()) {
      return rows.stream()
          .filter(row -> row.get(compared.group(1)) != null && row.get(compared.group(3)) != null)
          .filter(
              row ->
                  !holds(
                      compared.group(2),
                      compare(row.get(compared.group(1)), row.get(compared.group(3)))))
          .count();
    }
    throw new AssertionError("Unknown SQL " + sql);
  }

  private static boolean isNaN(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  private static List<Object> values(List<Map<String, Object>> rows, String column) {
    return rows.stream().map(row -> row.get(column)).filter(Objects::nonNull).toList();
  }

  private static double completeness(List<Map<String, Object>> rows, String column) {
    return rows.isEmpty() ? 1 : (double) values(rows, column).size() / rows.size();
  }

  private static boolean isUnique(
      List<Map<String, Object>> rows, List<String> columns, String type) {
    Set<List<Object>> seen = new HashSet<>();
    for (Map<String, Object> row : rows) {
      List<Object> key =
          columns.stream().map(row::get).map(DqdlEvaluator::grouped).collect(Collectors.toList());
      if (!seen.add(key) || (type.equals("IsPrimaryKey") && key.contains(null))) {
        return false;
      }
    }
    return true;
  }

  private static int distinct(List<Object> values) {
    return values.stream().map(DqdlEvaluator::grouped).collect(Collectors.toSet()).size();
  }

  /** Spark groups equal zeros, all NaN, and equal decimals. */
  private static Object grouped(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros();
    }
    return value instanceof Double number ? (Double) (number + 0.0) : value;
  }

  private static double mean(List<Object> values) {
    return sum(values) / values.size();
  }

  private static double sum(List<Object> values) {
    return values.stream().mapToDouble(value -> ((Number) value).doubleValue()).sum();
  }

  private static Object length(Object value) {
    return value instanceof String text
        ? (Object) (long) text.codePointCount(0, text.length())
        : null;
  }

  private static boolean shares(
      DQRule rule, List<Map<String, Object>> rows, Predicate<Map<String, Object>> holds) {
    double share = rows.isEmpty() ? 1 : (double) rows.stream().filter(holds).count() / rows.size();
    String threshold =
        rule.getThresholdCondition() == null
            ? "=1.0"
            : rule.getThresholdCondition().getConditionAsString();
    return compares(threshold, share);
  }

  private static boolean compares(DQRule rule, double metric) {
    return compares(rule.getCondition().getConditionAsString(), metric);
  }

  private static boolean compares(String condition, double metric) {
    Matcher parsed = parsed(condition);
    return holds(parsed.group(2), compare(metric, Double.parseDouble(parsed.group(3).strip())));
  }

  private static Matcher parsed(String condition) {
    // The parser removes white space between tokens.
    Matcher matcher = CONDITION.matcher(condition.replaceFirst("^not(?=in|matches)", "not "));
    if (!matcher.matches()) {
      throw new AssertionError("Unknown condition " + condition);
    }
    return matcher;
  }

  /** Nulls fail, except that {@code not in} is true for them. */
  private static boolean holds(DQRule rule, Object value) {
    Matcher condition = parsed(rule.getCondition().getConditionAsString());
    boolean negated = condition.group(1) != null;
    String operand = condition.group(3).strip();
    return switch (condition.group(2)) {
      case "in" -> negated != isIn(operand, value);
      case "matches" -> value != null && found(operand, (String) value);
      case "between" -> throw new AssertionError("between excludes its ends: " + rule);
      default ->
          value != null && holds(condition.group(2), compare(value, literal(operand, value)));
    };
  }

  /** As {@code regexp_extract(value, regex, 0) <> ''} in Spark, with which Deequ finds patterns. */
  private static boolean found(String quoted, String value) {
    Matcher matcher = Pattern.compile(quoted.substring(1, quoted.length() - 1)).matcher(value);
    return matcher.find() && !matcher.group().isEmpty();
  }

  private static boolean isIn(String list, Object value) {
    for (String element : list.substring(1, list.length() - 1).split(",(?=[\"A-Z0-9-])")) {
      boolean found =
          switch (element) {
            case "NULL" -> value == null;
            case "EMPTY" -> "".equals(value);
            default -> value != null && compare(value, literal(element, value)) == 0;
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static Object literal(String text, Object like) {
    if (text.startsWith("\"")) {
      return text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
    return like instanceof Double ? (Object) Double.valueOf(text) : new BigDecimal(text);
  }

  private static int compare(Object left, Object right) {
    if (left instanceof String text) {
      return text.compareTo((String) right);
    }
    if (left instanceof Double || right instanceof Double) {
      return Double.compare(
          ((Number) left).doubleValue() + 0.0, ((Number) right).doubleValue() + 0.0);
    }
    return decimal(left).compareTo(decimal(right));
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  private static boolean holds(String operator, int comparison) {
    return switch (operator) {
      case "=" -> comparison == 0;
      case "<>", "!=" -> comparison != 0;
      case "<" -> comparison < 0;
      case "<=" -> comparison <= 0;
      case ">" -> comparison > 0;
      case ">=" -> comparison >= 0;
      default -> throw new AssertionError("Unknown operator " + operator);
    };
  }
}
