package io.meshwork.testkit;

import io.meshwork.contract.Rule;
import io.meshwork.testkit.ColumnDomain.Range;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How two columns of a row stand to each other, as a rule that compares them says. */
record ColumnRelation(String left, String operator, String right) {
  private static final Map<String, String> OPPOSITE =
      Map.of("=", "!=", "!=", "=", "<", ">=", "<=", ">", ">", "<=", ">=", "<");
  private static final Map<String, String> SWAPPED =
      Map.of("=", "=", "!=", "!=", "<", ">", "<=", ">=", ">", "<", ">=", "<=");

  static ColumnRelation of(Rule rule) {
    return new ColumnRelation(
        rule.columns().get(0),
        (String) Objects.requireNonNull(rule.arguments().get(0)),
        rule.columns().get(1));
  }

  /** What holds where this does not. */
  ColumnRelation broken() {
    return new ColumnRelation(left, Objects.requireNonNull(OPPOSITE.get(operator)), right);
  }

  /** The same with the columns the other way round. */
  ColumnRelation swapped() {
    return new ColumnRelation(right, Objects.requireNonNull(SWAPPED.get(operator)), left);
  }

  boolean concerns(String column) {
    return left.equals(column) || right.equals(column);
  }

  /** Steps of the left column that stand right to a value of the other. */
  Range leftOf(Object value, OrderedType order) {
    return leftOf(value, value, order);
  }

  /** Steps of the left column that may stand right to a value from {@code low} to {@code high}. */
  Range leftOf(Object low, Object high, OrderedType order) {
    BigInteger from = order.least();
    BigInteger to = order.most();
    switch (operator) {
      case "=" -> {
        from = order.steps().apply(low, RoundingMode.CEILING);
        to = order.steps().apply(high, RoundingMode.FLOOR);
      }
      case "<" -> to = order.steps().apply(high, RoundingMode.CEILING).subtract(BigInteger.ONE);
      case "<=" -> to = order.steps().apply(high, RoundingMode.FLOOR);
      case ">" -> from = order.steps().apply(low, RoundingMode.FLOOR).add(BigInteger.ONE);
      case ">=" -> from = order.steps().apply(low, RoundingMode.CEILING);
      default -> {}
    }
    return new Range(from.max(order.least()), to.min(order.most()));
  }

  /** A guess at a value of the left column, of a type without steps; null if there is none. */
  @Nullable Object guess(Object value, Random random) {
    return switch (operator) {
      case "=", "<=", ">=" -> value;
      case ">" -> value instanceof String text ? text + (char) ('a' + random.nextInt(26)) : null;
      case "<" ->
          value instanceof String text && !text.isEmpty()
              ? text.substring(0, text.offsetByCodePoints(text.length(), -1))
              : null;
      default -> null;
    };
  }
}
