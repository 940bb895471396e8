package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.InexpressibleException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that a condition of DQDL allows. {@code between} excludes its ends, and so do {@code
 * <} and {@code >}; the ranges of rules include them. Immutable.
 *
 * @param low null for no lower end
 * @param high null for no upper end
 * @param strict true if the ends are excluded
 */
record DqdlRange(@Nullable BigDecimal low, @Nullable BigDecimal high, boolean strict) {
  /** An operator of ours: both ends included. Two conditions of a composite make one such. */
  static final String WITHIN = "within";

  /** The smallest number above zero that is written; the smallest double has 324 digits. */
  private static final BigDecimal SMALLEST = BigDecimal.ONE.movePointLeft(30);

  static DqdlRange of(@Nullable DqdlCondition condition) throws InexpressibleException {
    if (condition == null) {
      throw new InexpressibleException("it has no condition");
    }
    if (condition.isDynamic()) {
      throw new InexpressibleException("its condition is calculated when the rule runs");
    }
    BigDecimal first = number(condition.operand());
    return switch (condition.operator()) {
      case "=" -> new DqdlRange(first, first, false);
      case ">" -> new DqdlRange(first, null, true);
      case ">=" -> new DqdlRange(first, null, false);
      case "<" -> new DqdlRange(null, first, true);
      case "<=" -> new DqdlRange(null, first, false);
      case "between" -> new DqdlRange(first, number(condition.operands().get(1)), true);
      case WITHIN -> new DqdlRange(first, number(condition.operands().get(1)), false);
      default ->
          throw new InexpressibleException("no rule has the condition " + condition.operator());
    };
  }

  private static BigDecimal number(DqdlOperand operand) throws InexpressibleException {
    if (operand.number() == null) {
      throw new InexpressibleException("its condition compares with a text");
    }
    return operand.number();
  }

  /** Joins a condition with a lower end and one with an upper end; null if they are not such. */
  static @Nullable DqdlCondition joined(
      @Nullable DqdlCondition lower, @Nullable DqdlCondition upper) {
    if (lower == null || upper == null) {
      return null;
    }
    List<DqdlOperand> ends = List.of(lower.operand(), upper.operand());
    return switch (lower.operator() + upper.operator()) {
      case ">=<=" -> new DqdlCondition(WITHIN, ends);
      case "><" -> new DqdlCondition("between", ends);
      default -> null;
    };
  }

  /** The range times a power of ten. */
  DqdlRange movedRight(int digits) {
    return new DqdlRange(
        low == null ? null : low.movePointRight(digits),
        high == null ? null : high.movePointRight(digits),
        strict);
  }

  /** The least whole number in the range; null if there is none. */
  @Nullable BigDecimal wholeLow() {
    if (low == null) {
      return null;
    }
    return strict
        ? low.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE)
        : low.setScale(0, RoundingMode.CEILING);
  }

  /** The greatest whole number in the range; null if there is none. */
  @Nullable BigDecimal wholeHigh() {
    if (high == null) {
      return null;
    }
    return strict
        ? high.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)
        : high.setScale(0, RoundingMode.FLOOR);
  }

  /** The least double in the range; null if there is none. */
  @Nullable BigDecimal nextLow() {
    if (low == null || !strict) {
      return low;
    }
    return low.signum() == 0 ? SMALLEST : BigDecimal.valueOf(Math.nextUp(low.doubleValue()));
  }

  /** The greatest double in the range; null if there is none. */
  @Nullable BigDecimal nextHigh() {
    if (high == null || !strict) {
      return high;
    }
    return high.signum() == 0
        ? SMALLEST.negate()
        : BigDecimal.valueOf(Math.nextDown(high.doubleValue()));
  }

  boolean contains(long number) {
    BigDecimal value = BigDecimal.valueOf(number);
    BigDecimal least = wholeLow();
    BigDecimal greatest = wholeHigh();
    return (least == null || value.compareTo(least) >= 0)
        && (greatest == null || value.compareTo(greatest) <= 0);
  }
}
