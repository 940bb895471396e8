package io.meshwork.internal.contract;

import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.ConditionOwner;
import io.meshwork.internal.condition.RuleCondition;

/** The conditions of rules. */
public final class RuleConditions {
  private RuleConditions() {}

  /** Returns what a rule requires. */
  public static RuleCondition of(Rule rule) {
    return ((ConditionOwner) rule).condition();
  }
}
