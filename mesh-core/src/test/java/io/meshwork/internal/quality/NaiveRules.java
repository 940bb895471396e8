package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.condition.RowCondition.Length;
import io.meshwork.internal.condition.RowCondition.Matches;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RowCondition.ValueSet;
import io.meshwork.internal.contract.RuleConditions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A direct implementation of row rules for one row of plain Java values. */
final class NaiveRules {
  /** Filters and their meaning. */
  static final Map<String, Predicate<Map<String, Object>>> FILTERS =
      Map.of(
          "n > 1", row -> row.get("n") != null && (int) row.get("n") > 1,
          "s = 'a' OR n IS NULL", row -> "a".equals(row.get("s")) || row.get("n") == null,
          "NOT (b = TRUE)", row -> Boolean.FALSE.equals(row.get("b")),
          "r.c LIKE 'a%'", row -> path("r.c", row).get(0) instanceof String c && c.startsWith("a"),
          "d >= 1.5", row -> row.get("d") instanceof Double d && d >= 1.5);

  private NaiveRules() {}

  /** Returns true if the rule applies to the row. */
  static boolean counts(Rule rule, Map<String, Object> row) {
    return rule.where().isEmpty() || FILTERS.get(rule.where().get()).test(row);
  }

  /** The code of the custom rule. */
  static boolean custom(Integer n) {
    return n == null || n % 2 == 0;
  }

  static boolean holds(Rule rule, Map<String, Object> row) {
    return switch (rule.kind()) {
      case NOT_NULL ->
          rule.columns().stream()
              .allMatch(column -> path(column, row).stream().noneMatch(value -> value == null));
      case CUSTOM -> custom((Integer) row.get("n"));
      case COMPARE -> {
        List<Object> left = path(rule.columns().get(0), row);
        List<Object> right = path(rule.columns().get(1), row);
        boolean all = true;
        for (int i = 0; i < left.size(); i++) {
          all &=
              compares(left.get(i), ((Compare) RuleConditions.of(rule)).operator(), right.get(i));
        }
        yield all;
      }
      default -> path(rule.columns().get(0), row).stream().allMatch(value -> value(rule, value));
    };
  }

  private static boolean value(Rule rule, Object value) {
    List<Object> literals =
        RuleConditions.of(rule) instanceof ValueSet set ? set.values() : List.of();
    switch (rule.kind()) {
      case NOT_MISSING:
        boolean trimmed = ((NotMissing) RuleConditions.of(rule)).trimmed();
        Object lookedUp = trimmed ? String.valueOf(value).strip() : value;
        List<Object> missing =
            literals.isEmpty() && value instanceof String ? List.of("") : literals;
        return value != null
            && missing.stream()
                .map(literal -> trimmed ? ((String) literal).strip() : literal)
                .noneMatch(literal -> same(literal, lookedUp));
      case NOT_IN_SET:
        return value == null
            ? !literals.contains(null)
            : literals.stream().noneMatch(literal -> literal != null && same(literal, value));
      default:
        break;
    }
    if (value == null) {
      return true;
    }
    return switch (rule.kind()) {
      case IN_SET -> literals.stream().anyMatch(literal -> literal != null && same(literal, value));
      case BETWEEN -> {
        Between range = (Between) RuleConditions.of(rule);
        yield beyond(range.low(), value, -1, range.exclusive())
            && beyond(range.high(), value, 1, range.exclusive());
      }
      case MATCHES -> ((String) value).matches(((Matches) RuleConditions.of(rule)).regex());
      case LENGTH -> {
        long length =
            value instanceof String text
                ? text.codePointCount(0, text.length())
                : value instanceof byte[] bytes
                    ? bytes.length
                    : value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
        Length range = (Length) RuleConditions.of(rule);
        yield length >= range.min() && length <= range.max();
      }
      default -> throw new IllegalArgumentException(rule.toString());
    };
  }

  /** Returns true if the end is on this side of the value; an open end is. */
  private static boolean beyond(Object end, Object value, int side, boolean exclusive) {
    if (end == null) {
      return !(value instanceof Double d && d.isNaN()) && !(value instanceof Float f && f.isNaN());
    }
    Integer order = order(end, value);
    return order != null && (order == 0 ? !exclusive : Integer.signum(order) == side);
  }

  private static boolean same(Object literal, Object value) {
    boolean bothNaN =
        literal instanceof Double d
            && d.isNaN()
            && (value instanceof Double v && v.isNaN() || value instanceof Float f && f.isNaN());
    Integer order = bothNaN ? Integer.valueOf(0) : order(literal, value);
    return order != null && order == 0;
  }

  /** Compares a value with a literal or another value; null if neither is greater. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Integer order(Object left, Object right) {
    if (right instanceof Float f) {
      float l = ((Number) left).floatValue();
      return l < f ? Integer.valueOf(-1) : l > f ? Integer.valueOf(1) : l == f ? 0 : null;
    }
    if (right instanceof Double d) {
      double l = ((Number) left).doubleValue();
      return l < d ? Integer.valueOf(-1) : l > d ? Integer.valueOf(1) : l == d ? 0 : null;
    }
    if (right instanceof Number) {
      return new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString()));
    }
    return ((Comparable) left).compareTo(right);
  }

  private static boolean compares(Object left, String operator, Object right) {
    if (left == null || right == null) {
      return true;
    }
    Integer order = order(left, right);
    if (order == null) {
      return operator.equals("!=");
    }
    return switch (operator) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  /** Returns all values at a path; one null if a part of the path is null. */
  static List<Object> path(String path, Map<String, Object> row) {
    List<Object> here = new ArrayList<>();
    here.add(row);
    for (String step : path.replace("[]", ".[]").replace("{}", ".{}").split("\\.")) {
      List<Object> next = new ArrayList<>();
      for (Object value : here) {
        if (value == null) {
          next.add(null);
        } else if (step.equals("[]")) {
          next.addAll((List<?>) value);
        } else if (step.equals("{}")) {
          next.addAll(((Map<?, ?>) value).values());
        } else {
          next.add(((Map<?, ?>) value).get(step));
        }
      }
      here = next;
    }
    return here;
  }
}
