package io.meshwork.contract;

import io.meshwork.internal.condition.ConditionOwner;
import io.meshwork.internal.condition.RuleCondition;

/** All rules are of this class, which shows their condition to internal code only. */
final class ConditionRule extends Rule implements ConditionOwner {
  ConditionRule(RuleTerms terms) {
    super(terms);
  }

  @Override
  public RuleCondition condition() {
    return terms.condition;
  }
}
