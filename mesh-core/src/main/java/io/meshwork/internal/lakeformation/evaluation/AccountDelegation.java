package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.internal.lakeformation.evaluation.AccessDecision.DenialCode;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import java.util.List;

/** Combines what is shared with an account and what the account grants to its principals. */
final class AccountDelegation {
  private AccountDelegation() {}

  /** Allows the action if both are present; otherwise records which one is missing. */
  static void combine(
      EvaluationResult result, List<IndexedGrant> shared, List<IndexedGrant> passedOn) {
    if (!shared.isEmpty() && !passedOn.isEmpty()) {
      shared.forEach(result::allow);
      passedOn.forEach(result::allow);
    } else if (!shared.isEmpty()) {
      result.miss(DenialCode.LOCAL_GRANT);
    } else if (!passedOn.isEmpty() && !result.misses(DenialCode.RAM_SHARE)) {
      result.miss(DenialCode.ACCOUNT_GRANT);
    }
  }
}
