package io.meshwork.contract;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether all data that passes one rule also passes another. False if that cannot be
 * decided, as for two different regular expressions. Ignores the severity.
 */
final class RuleImplication {
  /** For each comparison operator, the operators that it implies. */
  private static final Map<String, Set<String>> IMPLIED_OPERATORS =
      Map.of(
          "=", Set.of("=", "<=", ">="),
          "<", Set.of("<", "<=", "!="),
          ">", Set.of(">", ">=", "!="),
          "<=", Set.of("<="),
          ">=", Set.of(">="),
          "!=", Set.of("!="));

  private RuleImplication() {}

  /** True if data that passes the first rule always passes the second. */
  static boolean implies(Rule strong, Rule weak) {
    if (strong.kind() == Rule.Kind.NOT_MISSING && weak.kind() == Rule.Kind.NOT_NULL) {
      return strong.columns().equals(weak.columns()) && coversRows(strong, weak);
    }
    if (strong.kind() != weak.kind()) {
      return false;
    }
    return switch (strong.kind()) {
      case NOT_NULL -> isSubset(weak.columns(), strong.columns()) && coversRows(strong, weak);
      case NOT_MISSING ->
          sameColumns(strong, weak) && coversRows(strong, weak) && coversMissing(strong, weak);
      case LENGTH ->
          sameColumns(strong, weak) && coversRows(strong, weak) && isInLongRange(strong, weak);
      case BETWEEN ->
          sameColumns(strong, weak) && coversRows(strong, weak) && isInRange(strong, weak);
      case IN_SET ->
          sameColumns(strong, weak)
              && coversRows(strong, weak)
              && isSubset(Literal.values(strong.arguments()), Literal.values(weak.arguments()));
      case NOT_IN_SET ->
          sameColumns(strong, weak)
              && coversRows(strong, weak)
              && isSubset(Literal.all(weak.arguments()), Literal.all(strong.arguments()));
      case COMPARE -> coversRows(strong, weak) && impliesComparison(strong, weak);
      case MATCHES, REFERENCES, CUSTOM ->
          sameColumns(strong, weak)
              && coversRows(strong, weak)
              && strong.arguments().equals(weak.arguments());
      case UNIQUE ->
          isSubset(strong.columns(), weak.columns())
              && (strong.where().isEmpty() || strong.where().equals(weak.where()))
              && (strong.scope() == weak.scope() || strong.scope() == Rule.Scope.TABLE);
      case ROW_COUNT -> sameRows(strong, weak) && isInLongRange(strong, weak);
      case COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX ->
          sameColumns(strong, weak) && sameRows(strong, weak) && isInRange(strong, weak);
      case SAME_ROW_COUNT, SAME_SUM ->
          sameColumns(strong, weak)
              && sameRows(strong, weak)
              && strong.product().equals(weak.product())
              && strong.otherColumns().equals(weak.otherColumns())
              && isInRange(strong, weak);
      case FRESH ->
          sameColumns(strong, weak)
              && sameRows(strong, weak)
              && strong.zone().equals(weak.zone())
              && duration(strong).compareTo(duration(weak)) <= 0;
      case STEADY, TEXT -> strong.toString().equals(weak.toString());
    };
  }

  /**
   * True if the stronger rule checks all rows that the weaker one checks, and tolerates no more of
   * them. Tolerated shares are comparable only if both rules check the same rows.
   */
  private static boolean coversRows(Rule strong, Rule weak) {
    if (!strong.where().equals(weak.where())
        && (strong.where().isPresent()
            || (strong.toleratedPercent().isPresent() && strong.isTolerant()))) {
      return false;
    }
    return toleratesNoMore(strong, weak);
  }

  private static boolean sameRows(Rule strong, Rule weak) {
    return strong.where().equals(weak.where()) && strong.scope() == weak.scope();
  }

  /** Trimming matches more values; it also trims the listed ones. */
  private static boolean coversMissing(Rule strong, Rule weak) {
    return (strong.isTrimmed() || !weak.isTrimmed())
        && isSubset(missingValues(weak, strong), missingValues(strong, strong));
  }

  private static List<Literal> missingValues(Rule rule, Rule trimming) {
    List<@Nullable Object> values = rule.arguments().isEmpty() ? List.of("") : rule.arguments();
    return Literal.all(
        trimming.isTrimmed()
            ? new ArrayList<>(values.stream().map(value -> String.valueOf(value).strip()).toList())
            : values);
  }

  private static Duration duration(Rule rule) {
    return (Duration) Objects.requireNonNull(rule.arguments().get(0));
  }

  private static boolean sameColumns(Rule strong, Rule weak) {
    return strong.columns().equals(weak.columns());
  }

  private static boolean isSubset(List<?> inner, List<?> outer) {
    return new HashSet<>(outer).containsAll(inner);
  }

  private static boolean toleratesNoMore(Rule strong, Rule weak) {
    if (!strong.isTolerant()) {
      return true;
    }
    BigDecimal share = strong.toleratedPercent().orElse(null);
    BigDecimal allowed = weak.toleratedPercent().orElse(null);
    if (share == null && allowed == null) {
      return strong.toleratedRows() <= weak.toleratedRows();
    }
    return share != null && allowed != null && share.compareTo(allowed) <= 0;
  }

  private static boolean isInLongRange(Rule strong, Rule weak) {
    return number(strong, 0) >= number(weak, 0) && number(strong, 1) <= number(weak, 1);
  }

  private static long number(Rule rule, int at) {
    return rule.arguments().get(at) instanceof Long number ? number : 0;
  }

  private static boolean isInRange(Rule strong, Rule weak) {
    return isEndInside(strong, weak, strong.low(), weak.low(), 1)
        && isEndInside(strong, weak, strong.high(), weak.high(), -1);
  }

  /** True if this end of the stronger range is inside the weaker one. */
  private static boolean isEndInside(
      Rule strong, Rule weak, @Nullable Object inner, @Nullable Object outer, int direction) {
    if (outer == null) {
      return true;
    }
    Integer order = inner == null ? null : compareLiterals(inner, outer);
    if (order == null) {
      return false;
    }
    return order == 0
        ? strong.isExclusive() || !weak.isExclusive()
        : Integer.signum(order) == direction;
  }

  /** Compares two literals; null if they have different classes. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the classes are the same
  private static @Nullable Integer compareLiterals(Object left, Object right) {
    if (left instanceof Number && right instanceof Number && left.getClass() != right.getClass()) {
      return Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
    }
    return left.getClass() == right.getClass() && left instanceof Comparable comparable
        ? (Integer) comparable.compareTo(right)
        : null;
  }

  private static boolean impliesComparison(Rule strong, Rule weak) {
    String required = String.valueOf(weak.arguments().get(0));
    String given = String.valueOf(strong.arguments().get(0));
    if (sameColumns(strong, weak)) {
      return IMPLIED_OPERATORS.getOrDefault(given, Set.of()).contains(required);
    }
    boolean swapped =
        strong.columns().get(0).equals(weak.columns().get(1))
            && strong.columns().get(1).equals(weak.columns().get(0));
    return swapped && IMPLIED_OPERATORS.getOrDefault(swap(given), Set.of()).contains(required);
  }

  private static String swap(String comparison) {
    return comparison.replace('<', '\0').replace('>', '<').replace('\0', '>');
  }

  /** A literal that equals others with the same value, such as 1 and 1.0. */
  private record Literal(@Nullable Object value) {
    static List<Literal> all(List<@Nullable Object> arguments) {
      List<Literal> literals = new ArrayList<>();
      for (Object argument : arguments) {
        literals.add(
            new Literal(
                argument instanceof BigDecimal number ? number.stripTrailingZeros() : argument));
      }
      return literals;
    }

    /** All literals except null, which always passes. */
    static List<Literal> values(List<@Nullable Object> arguments) {
      List<Literal> literals = all(arguments);
      literals.removeAll(Collections.singleton(new Literal(null)));
      return literals;
    }
  }
}
