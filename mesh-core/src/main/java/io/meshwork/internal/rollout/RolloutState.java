package io.meshwork.internal.rollout;

/** The state of a rollout. Changes in one transaction with the states of its major versions. */
enum RolloutState {
  /** The contract and the consumers are known; no notice was sent. */
  PLANNED,
  /** Each consumer has a notice; the new major version is not readable yet. */
  ANNOUNCED,
  /** Both major versions are read and published. */
  PARALLEL,
  /** The old major version accepts no new subscription. */
  CLOSING,
  /** The old major version is not readable; its data is retained. */
  RETIRED,
  /** The new major version was withdrawn; the old one is as before. */
  ABORTED;

  /** Returns true if the consumers know of the rollout and it has not ended. */
  public boolean isOpen() {
    return this == ANNOUNCED || this == PARALLEL || this == CLOSING;
  }
}
