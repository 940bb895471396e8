package io.meshwork.contract;

/** What happens to rows that violate the contract. */
public enum OnViolation {
  /** A single such row rejects the whole publish; nothing becomes visible. */
  REJECT,
  /** Such rows go to the quarantine with their reasons; the other rows are published. */
  QUARANTINE
}
