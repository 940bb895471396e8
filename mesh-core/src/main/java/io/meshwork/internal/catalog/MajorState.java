package io.meshwork.internal.catalog;

/**
 * The state of a major version. A product whose only major is {@link #ACTIVE} has no rollout. The
 * names are stored.
 */
public enum MajorState {
  /** The table exists and receives the history. Only the owner reads it. */
  PREPARED,
  /** Read and published. */
  ACTIVE,
  /** Read and published; a newer major replaces it on a date. */
  DEPRECATED,
  /** Read and published, but closed to new subscriptions. */
  CLOSING,
  /** The consumers are counted for the last time; what they stored does not change meanwhile. */
  RETIRING,
  /** Not read through the mesh except by the owner. The data is retained. */
  RETIRED,
  /** The data was deleted. */
  PURGED,
  /** Withdrawn by an aborted rollout. */
  WITHDRAWN;

  /** True if consumers read it and publishes write it. */
  public boolean isLive() {
    return this == ACTIVE || this == DEPRECATED || this == CLOSING || this == RETIRING;
  }
}
