package io.meshwork.internal.condition;

/** A rule whose condition can be read, which the API of rules does not show. */
public interface ConditionOwner {
  /** Returns what the rule requires. */
  RuleCondition condition();
}
