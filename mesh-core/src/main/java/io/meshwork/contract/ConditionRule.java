package io.meshwork.contract;

import io.meshwork.internal.condition.ConditionOwner;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;

/** The class of all rules but those on rows, which shows their condition to internal code only. */
final class ConditionRule extends Rule implements ConditionOwner {
  private ConditionRule(RuleTerms terms) {
    super(terms);
  }

  static Rule of(RuleTerms terms) {
    return terms.condition instanceof RowCondition ? new OfRows(terms) : new ConditionRule(terms);
  }

  @Override
  public RuleCondition condition() {
    return terms.condition;
  }

  /** The class of all rules on rows. */
  private static final class OfRows extends OnRows implements ConditionOwner {
    OfRows(RuleTerms terms) {
      super(terms);
    }

    @Override
    public RuleCondition condition() {
      return terms.condition;
    }
  }
}
