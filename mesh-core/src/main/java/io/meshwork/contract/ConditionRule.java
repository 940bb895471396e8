package io.meshwork.contract;

import io.meshwork.internal.condition.ConditionOwner;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;

/**
 * The class of all rules without options of their kind, which shows their condition to internal
 * code only.
 */
final class ConditionRule extends Rule implements ConditionOwner {
  private ConditionRule(RuleTerms terms) {
    super(terms);
  }

  static Rule of(RuleTerms terms) {
    if (terms.condition instanceof RowCondition) {
      return new OfRows(terms);
    }
    return Kind.of(terms.condition).scopes().size() > 1
        ? new OfScope(terms)
        : new ConditionRule(terms);
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

  /** The class of all rules that can check several sets of rows. */
  private static final class OfScope extends WithScope implements ConditionOwner {
    OfScope(RuleTerms terms) {
      super(terms);
    }

    @Override
    public RuleCondition condition() {
      return terms.condition;
    }
  }
}
