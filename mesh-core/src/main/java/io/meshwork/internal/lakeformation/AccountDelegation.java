package io.meshwork.internal.lakeformation;

import java.util.List;

/** Combines what is shared with an account and what the account grants to its principals. */
final class AccountDelegation {
  private AccountDelegation() {}

  /** Allows if both are present, else records which of them is missing. */
  static void combine(
      EvaluationResult result, List<IndexedGrant> shared, List<IndexedGrant> handedOn) {
    if (!shared.isEmpty() && !handedOn.isEmpty()) {
      shared.forEach(result::allow);
      handedOn.forEach(result::allow);
    } else if (!shared.isEmpty()) {
      result.miss("LOCAL_GRANT");
    } else if (!handedOn.isEmpty() && !result.misses("RAM_SHARE")) {
      result.miss("ACCOUNT_GRANT");
    }
  }
}
