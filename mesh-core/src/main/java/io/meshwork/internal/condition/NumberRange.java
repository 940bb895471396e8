package io.meshwork.internal.condition;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A range of numbers.
 *
 * @param rule the rule, for errors
 * @param low the lower end; null if there is none
 * @param high the upper end; null if there is none
 */
public record NumberRange(String rule, @Nullable BigDecimal low, @Nullable BigDecimal high) {
  /** Creates a condition that a measure of a column is in a range. */
  @FunctionalInterface
  public interface Maker<C> {
    C of(String column, @Nullable BigDecimal low, @Nullable BigDecimal high);
  }

  /** Converts and checks the ends of a range. */
  static NumberRange of(String rule, @Nullable Number low, @Nullable Number high) {
    Object from = RuleLiterals.of(low);
    Object to = RuleLiterals.of(high);
    RangeCheck.check(rule, from, to);
    return new NumberRange(rule, (BigDecimal) from, (BigDecimal) to);
  }

  /** Creates a condition of this kind. */
  public static <C> C make(
      String kind, String column, @Nullable Number low, @Nullable Number high, Maker<C> maker) {
    NumberRange range = of(kind + "(" + column + ")", low, high);
    return maker.of(column, range.low, range.high);
  }

  /** Reads a condition from a column and two ends. */
  static <C> C read(RuleArguments arguments, Maker<C> maker) {
    arguments.require(3);
    return make(
        arguments.name(), arguments.get(0), arguments.number(1), arguments.number(2), maker);
  }

  /**
   * Fails unless the ends are in the range of all values.
   *
   * @param max the greatest value; null if there is none
   * @param allowed what to use, for the error
   */
  void checkEnds(@Nullable BigDecimal max, String allowed) {
    checkEnd(low, max, allowed);
    checkEnd(high, max, allowed);
  }

  private void checkEnd(@Nullable BigDecimal end, @Nullable BigDecimal max, String allowed) {
    if (end != null && (end.signum() < 0 || (max != null && end.compareTo(max) > 0))) {
      throw RuleFault.of(rule, end.toPlainString() + " is out of range", "Use " + allowed + ".");
    }
  }
}
