package io.meshwork.internal.quality;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Whether the statistics of a file prove something about one of its columns. */
@FunctionalInterface
interface StatisticsProof {
  /** What statistics say. */
  enum Answer {
    /** Every row passes. */
    PROVEN,
    /** Some row may fail; nobody knows without reading. */
    OPEN,
    /** Some row fails, or the bounds say so. */
    BROKEN
  }

  /** What the statistics of one file say. */
  Answer of(FileStatistics file);

  /** No row is null. */
  static StatisticsProof noNull() {
    return file ->
        file.nulls() == null
            ? file.records() == 0 ? Answer.PROVEN : Answer.OPEN
            : file.nulls() == 0 ? Answer.PROVEN : Answer.BROKEN;
  }

  /** Every value lies in a range; NaN lies outside. */
  static StatisticsProof inside(RangeJudge range) {
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

  /** Nothing but the absence of values proves it. */
  static StatisticsProof onlyWithoutValues() {
    return file -> file.noValue() ? Answer.PROVEN : Answer.OPEN;
  }

  /**
   * Every value is a member: there is one value, since both bounds are the same, or each whole
   * number between the bounds is a member. Truncated bounds of text are never the same.
   */
  static StatisticsProof memberOf(List<@Nullable Object> literals, Type type) {
    Set<Object> members = new HashSet<>();
    for (Object literal : literals) {
      if (literal != null) {
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

  /** A rule's literal or a bound, in one form for both. */
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
      return Ticks.ofValue(value);
    }
    BigDecimal ticks = Ticks.of(value, type).stripTrailingZeros();
    return ticks.scale() <= 0 ? ticks.toBigInteger() : ticks;
  }
}
