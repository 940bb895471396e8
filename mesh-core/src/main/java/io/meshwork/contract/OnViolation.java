package io.meshwork.contract;

/** What happens to rows that break the contract. */
public enum OnViolation {
  /** One bad row refuses the whole publish; nothing becomes visible. */
  REJECT,
  /** Bad rows are set beside the product with their reasons; the others are published. */
  QUARANTINE
}
