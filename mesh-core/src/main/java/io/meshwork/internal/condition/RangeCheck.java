package io.meshwork.internal.condition;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** Checks whether two literals are a range, and whether one range is inside another. */
final class RangeCheck {
  private RangeCheck() {}

  static void check(String rule, @Nullable Object low, @Nullable Object high) {
    if (low == null && high == null) {
      throw RuleFault.of(rule, "both ends are open", "Set a low or a high end.");
    }
    checkEnd(rule, low);
    checkEnd(rule, high);
    if (low == null || high == null) {
      return;
    }
    if (low.getClass() != high.getClass()) {
      throw RuleFault.of(
          rule,
          "its ends have different types,  "
              + low.getClass().getSimpleName()
              + " and "
              + high.getClass().getSimpleName(),
          "Use two literals of the same type.");
    }
    if (compare(low, high) > 0) {
      throw RuleFault.of(rule, "its low end is above its high end", "Swap the ends.");
    }
  }

  private static void checkEnd(String rule, @Nullable Object end) {
    if (end instanceof Double) {
      throw RuleFault.of(
          rule, "NaN or an infinity cannot be an end of a range", "Use null for an open end.");
    }
    if (end instanceof String || end instanceof Boolean) {
      throw RuleFault.of(
          rule,
          "a range of " + (end instanceof String ? "strings" : "booleans") + " is not defined",
          "Use numbers, dates, or times, or list the values with inSet.");
    }
  }

  static void checkCounts(String rule, long min, long max) {
    if (min < 0 || max < min) {
      throw RuleFault.of(rule, min + " to " + max + " is not a range", "Use 0 <= min <= max.");
    }
  }

  /**
   * Returns true if all values of a range are in another one.
   *
   * @param withEnds true if this holds for ends that are equal
   */
  static boolean isInside(RuleCondition.Range range, RuleCondition.Range other, boolean withEnds) {
    return isEndInside(range.low(), other.low(), 1, withEnds)
        && isEndInside(range.high(), other.high(), -1, withEnds);
  }

  private static boolean isEndInside(
      @Nullable Object inner, @Nullable Object outer, int direction, boolean withEnds) {
    if (outer == null) {
      return true;
    }
    if (inner == null || inner.getClass() != outer.getClass()) {
      return false;
    }
    int order = Integer.signum(compare(inner, outer));
    return order == 0 ? withEnds : order == direction;
  }

  private static int compare(Object low, Object high) {
    if (low instanceof BigDecimal number) {
      return number.compareTo((BigDecimal) high);
    }
    if (low instanceof LocalDate date) {
      return date.compareTo((LocalDate) high);
    }
    if (low instanceof LocalTime time) {
      return time.compareTo((LocalTime) high);
    }
    if (low instanceof LocalDateTime time) {
      return time.compareTo((LocalDateTime) high);
    }
    return ((Instant) low).compareTo((Instant) high);
  }
}
