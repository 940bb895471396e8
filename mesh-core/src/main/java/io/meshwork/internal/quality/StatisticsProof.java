package io.meshwork.internal.quality;

import io.meshwork.internal.predicate.FloatingLiteral;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Whether the statistics of a file prove a condition on one of its columns. */
@FunctionalInterface
interface StatisticsProof {
  enum Answer {
    /** Every row passes. */
    PROVEN,
    /** Some row may fail; only reading the rows can tell. */
    OPEN,
    /** Some row fails, or the bounds indicate so. */
    BROKEN
  }

  /** Returns the result for the statistics of one file. */
  Answer of(FileStatistics file);

  /** Proves that no value is null. */
  static StatisticsProof noNull() {
    return file ->
        file.nulls() == null
            ? file.records() == 0 ? Answer.PROVEN : Answer.OPEN
            : file.nulls() == 0 ? Answer.PROVEN : Answer.BROKEN;
  }

  /** Proves that every value is within a range; NaN is outside. */
  static StatisticsProof inside(RangeEvaluator range) {
    return file -> {
      if (file.noValue()) {
        return Answer.PROVEN;
      }
      if (file.nans() != null && file.nans() > 0) {
        return Answer.BROKEN;
      }
      if (!file.bounded()) {
        return Answer.OPEN;
      }
      boolean inside = range.holds(file.lowest()) && range.holds(file.highest());
      return inside ? Answer.PROVEN : Answer.BROKEN;
    };
  }

  /** Proves the condition only if there are no values. */
  static StatisticsProof onlyWithoutValues() {
    return file -> file.noValue() ? Answer.PROVEN : Answer.OPEN;
  }

  /**
   * Proves that every value is a member: both bounds are the same, or each integer between the
   * bounds is a member. Truncated bounds of text are never the same.
   */
  static StatisticsProof memberOf(List<@Nullable Object> literals, Type type) {
    Set<Object> members = new HashSet<>();
    for (Object literal : literals) {
      if (literal != null && isValue(literal, type)) {
        members.add(comparable(literal, type));
      }
    }
    return file -> {
      if (file.noValue()) {
        return Answer.PROVEN;
      }
      if (!file.bounded()) {
        return Answer.OPEN;
      }
      Object lower = comparable(file.lowest(), type);
      Object upper = comparable(file.highest(), type);
      if (lower.equals(upper)) {
        return members.contains(lower) ? Answer.PROVEN : Answer.BROKEN;
      }
      return allBetween(lower, upper, members) ? Answer.PROVEN : Answer.OPEN;
    };
  }

  private static boolean allBetween(Object lower, Object upper, Set<Object> members) {
    if (lower instanceof Boolean) {
      return members.contains(true) && members.contains(false);
    }
    if (!(lower instanceof BigInteger from) || !(upper instanceof BigInteger to)) {
      return false;
    }
    if (to.subtract(from).compareTo(BigInteger.valueOf(members.size())) >= 0) {
      return false;
    }
    for (BigInteger next = from; next.compareTo(to) <= 0; next = next.add(BigInteger.ONE)) {
      if (!members.contains(next)) {
        return false;
      }
    }
    return true;
  }

  /** Returns false for a literal that equals no number of a floating-point type. */
  private static boolean isValue(Object literal, Type type) {
    boolean floating = type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
    return !floating
        || !(literal instanceof BigDecimal number)
        || FloatingLiteral.exact(number, type.typeId() == Type.TypeID.FLOAT).isPresent();
  }

  /** Returns a rule's literal or a bound in a form in which they are comparable. */
  private static Object comparable(Object value, Type type) {
    return switch (type.typeId()) {
      case STRING -> value.toString();
      case UUID -> value.toString().toLowerCase(Locale.ROOT);
      case BOOLEAN -> value;
      case FLOAT -> ((Number) value).floatValue() + 0.0f;
      case DOUBLE -> ((Number) value).doubleValue() + 0.0;
      default -> ticks(value, type);
    };
  }

  private static Object ticks(Object value, Type type) {
    boolean bound = value instanceof Integer || value instanceof Long;
    if (bound) {
      return LiteralUnits.ofValue(value);
    }
    BigDecimal ticks = LiteralUnits.of(value, type).stripTrailingZeros();
    return ticks.scale() <= 0 ? ticks.toBigInteger() : ticks;
  }
}
