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
 * Whether whatever passes one rule passes another. False where it cannot be told, as between two
 * regular expressions. Severity is left aside.
 */
final class RuleStrength {
  /** For each comparison, those that hold wherever it holds. */
  private static final Map<String, Set<String>> FOLLOWS =
      Map.of(
          "=", Set.of("=", "<=", ">="),
          "<", Set.of("<", "<=", "!="),
          ">", Set.of(">", ">=", "!="),
          "<=", Set.of("<="),
          ">=", Set.of(">="),
          "!=", Set.of("!="));

  private RuleStrength() {}

  /** True if data that passes the first rule is sure to pass the second. */
  static boolean implies(Rule strong, Rule weak) {
    if (strong.kind() == Rule.Kind.NOT_MISSING && weak.kind() == Rule.Kind.NOT_NULL) {
      return strong.columns().equals(weak.columns()) && rows(strong, weak);
    }
    if (strong.kind() != weak.kind()) {
      return false;
    }
    return switch (strong.kind()) {
      case NOT_NULL -> isWithin(weak.columns(), strong.columns()) && rows(strong, weak);
      case NOT_MISSING -> sameColumns(strong, weak) && rows(strong, weak) && missing(strong, weak);
      case LENGTH -> sameColumns(strong, weak) && rows(strong, weak) && range(strong, weak);
      case BETWEEN -> sameColumns(strong, weak) && rows(strong, weak) && between(strong, weak);
      case IN_SET ->
          sameColumns(strong, weak)
              && rows(strong, weak)
              && isWithin(Literal.values(strong.arguments()), Literal.values(weak.arguments()));
      case NOT_IN_SET ->
          sameColumns(strong, weak)
              && rows(strong, weak)
              && isWithin(Literal.all(weak.arguments()), Literal.all(strong.arguments()));
      case COMPARE -> rows(strong, weak) && compare(strong, weak);
      case MATCHES, REFERENCES, CUSTOM ->
          sameColumns(strong, weak)
              && rows(strong, weak)
              && strong.arguments().equals(weak.arguments());
      case UNIQUE ->
          isWithin(strong.columns(), weak.columns())
              && (strong.where().isEmpty() || strong.where().equals(weak.where()))
              && (strong.scope() == weak.scope() || strong.scope() == Rule.Scope.TABLE);
      case ROW_COUNT -> sameRows(strong, weak) && range(strong, weak);
      case COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX ->
          sameColumns(strong, weak) && sameRows(strong, weak) && between(strong, weak);
      case SAME_ROW_COUNT, SAME_SUM ->
          sameColumns(strong, weak)
              && sameRows(strong, weak)
              && strong.product().equals(weak.product())
              && strong.otherColumns().equals(weak.otherColumns())
              && between(strong, weak);
      case FRESH ->
          sameColumns(strong, weak)
              && sameRows(strong, weak)
              && strong.zone().equals(weak.zone())
              && duration(strong).compareTo(duration(weak)) <= 0;
      case STEADY, TEXT -> strong.toString().equals(weak.toString());
    };
  }

  /**
   * Whether the stronger rule on rows looks at all rows of the weaker one and tolerates no more of
   * them. Of a share that is not to be told if the one looks at more.
   */
  private static boolean rows(Rule strong, Rule weak) {
    if (!strong.where().equals(weak.where())
        && (strong.where().isPresent()
            || (strong.toleratedPercent().isPresent() && strong.isTolerant()))) {
      return false;
    }
    return tolerance(strong, weak);
  }

  private static boolean sameRows(Rule strong, Rule weak) {
    return strong.where().equals(weak.where()) && strong.scope() == weak.scope();
  }

  /** Trimming finds more; listed values are trimmed then, too. */
  private static boolean missing(Rule strong, Rule weak) {
    return (strong.isTrimmed() || !weak.isTrimmed())
        && isWithin(missingValues(weak, strong), missingValues(strong, strong));
  }

  private static List<Literal> missingValues(Rule rule, Rule as) {
    List<@Nullable Object> values = rule.arguments().isEmpty() ? List.of("") : rule.arguments();
    return Literal.all(
        as.isTrimmed()
            ? new ArrayList<>(values.stream().map(value -> String.valueOf(value).strip()).toList())
            : values);
  }

  private static Duration duration(Rule rule) {
    return (Duration) Objects.requireNonNull(rule.arguments().get(0));
  }

  private static boolean sameColumns(Rule strong, Rule weak) {
    return strong.columns().equals(weak.columns());
  }

  private static boolean isWithin(List<?> inner, List<?> outer) {
    return new HashSet<>(outer).containsAll(inner);
  }

  private static boolean tolerance(Rule strong, Rule weak) {
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

  private static boolean range(Rule strong, Rule weak) {
    return number(strong, 0) >= number(weak, 0) && number(strong, 1) <= number(weak, 1);
  }

  private static long number(Rule rule, int at) {
    return rule.arguments().get(at) instanceof Long number ? number : 0;
  }

  private static boolean between(Rule strong, Rule weak) {
    return end(strong, weak, strong.low(), weak.low(), 1)
        && end(strong, weak, strong.high(), weak.high(), -1);
  }

  /** Whether the end of the stronger range lies within the weaker one. */
  private static boolean end(
      Rule strong, Rule weak, @Nullable Object inner, @Nullable Object outer, int direction) {
    if (outer == null) {
      return true;
    }
    Integer order = inner == null ? null : order(inner, outer);
    if (order == null) {
      return false;
    }
    return order == 0
        ? strong.isExclusive() || !weak.isExclusive()
        : Integer.signum(order) == direction;
  }

  /** How two literals stand; null if they are not of one class. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // the classes are the same
  private static @Nullable Integer order(Object left, Object right) {
    if (left instanceof Number && right instanceof Number && left.getClass() != right.getClass()) {
      return Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue());
    }
    return left.getClass() == right.getClass() && left instanceof Comparable comparable
        ? (Integer) comparable.compareTo(right)
        : null;
  }

  private static boolean compare(Rule strong, Rule weak) {
    String wanted = String.valueOf(weak.arguments().get(0));
    String given = String.valueOf(strong.arguments().get(0));
    if (sameColumns(strong, weak)) {
      return FOLLOWS.getOrDefault(given, Set.of()).contains(wanted);
    }
    boolean turned =
        strong.columns().get(0).equals(weak.columns().get(1))
            && strong.columns().get(1).equals(weak.columns().get(0));
    return turned && FOLLOWS.getOrDefault(turn(given), Set.of()).contains(wanted);
  }

  private static String turn(String comparison) {
    return comparison.replace('<', '\0').replace('>', '<').replace('\0', '>');
  }

  /** A literal that equals those of the same value: 1 and 1.0. */
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

    /** Those but null, which is no member of its own where null passes anyway. */
    static List<Literal> values(List<@Nullable Object> arguments) {
      List<Literal> literals = all(arguments);
      literals.removeAll(Collections.singleton(new Literal(null)));
      return literals;
    }
  }
}
