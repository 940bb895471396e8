package io.meshwork.access;

import java.util.List;

/** What comes of a share with an account and of what that account hands on. */
final class Delegation {
  private Delegation() {}

  /** Allows by both together, and else says which of them is missing. */
  static void combine(Outcome outcome, List<HeldGrant> shared, List<HeldGrant> handedOn) {
    if (!shared.isEmpty() && !handedOn.isEmpty()) {
      shared.forEach(outcome::allow);
      handedOn.forEach(outcome::allow);
    } else if (!shared.isEmpty()) {
      outcome.miss("LOCAL_GRANT");
    } else if (!handedOn.isEmpty() && !outcome.misses("RAM_SHARE")) {
      outcome.miss("ACCOUNT_GRANT");
    }
  }
}
