package io.meshwork.contract;

import io.meshwork.internal.condition.DatasetCondition;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;
import java.math.BigDecimal;

/**
 * Decides whether all data that passes one rule also passes another. False if that cannot be
 * decided, as for two different regular expressions. Ignores the severity.
 */
final class RuleImplication {
  private RuleImplication() {}

  /** True if data that passes the first rule always passes the second. */
  static boolean implies(Rule strong, Rule weak) {
    RuleCondition condition = strong.condition();
    if (!condition.implies(weak.condition())) {
      return false;
    }
    if (condition instanceof RowCondition) {
      return coversRows(strong, weak);
    }
    if (condition instanceof RuleCondition.Unique) {
      return (strong.where().isEmpty() || strong.where().equals(weak.where()))
          && (strong.scope() == weak.scope() || strong.scope() == Rule.Scope.TABLE);
    }
    return condition instanceof DatasetCondition.Steady
        ? strong.toString().equals(weak.toString())
        : strong.where().equals(weak.where()) && strong.scope() == weak.scope();
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
}
