package io.meshwork.internal.testkit.samples;

import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.testkit.samples.ColumnDomain.Range;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The relation of two columns of a row, from a rule that compares them. */
record ColumnRelation(String left, String operator, String right) {
  private static final Map<String, String> OPPOSITE =
      Map.of("=", "!=", "!=", "=", "<", ">=", "<=", ">", ">", "<=", ">=", "<");
  private static final Map<String, String> SWAPPED =
      Map.of("=", "=", "!=", "!=", "<", ">", "<=", ">=", ">", "<", ">=", "<=");

  static ColumnRelation of(Compare condition) {
    return new ColumnRelation(condition.left(), condition.operator(), condition.right());
  }

  /** Returns the opposite relation. */
  ColumnRelation broken() {
    return new ColumnRelation(left, Objects.requireNonNull(OPPOSITE.get(operator)), right);
  }

  /** Returns the same relation with the columns swapped. */
  ColumnRelation swapped() {
    return new ColumnRelation(right, Objects.requireNonNull(SWAPPED.get(operator)), left);
  }

  boolean concerns(String column) {
    return left.equals(column) || right.equals(column);
  }

  /** Returns the steps of the left column that satisfy the relation for a value of the right. */
  Range leftOf(Object value, OrderedType order) {
    return leftOf(value, value, order);
  }

  /** Returns the steps of the left column that may satisfy it for {@code low} to {@code high}. */
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

  /** Returns a likely value of the left column, for types without steps; null if none. */
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
