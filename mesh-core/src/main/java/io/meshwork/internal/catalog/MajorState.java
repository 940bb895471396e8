package io.meshwork.internal.catalog;

import io.meshwork.product.MajorVersion;

/**
 * The state of a major version, which decides what may be done with it. A product whose only major
 * is {@link #ACTIVE} has no rollout. The names are stored.
 */
public enum MajorState {
  /** The table exists and receives the history. Only the owner reads it. */
  PREPARED,
  /** Read and published. */
  ACTIVE,
  /** Read and published; it is retired on a date, for a newer major or as the product ends. */
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

  /** What is done with a major version. */
  public enum Use {
    /** Read the rows, the files, or the history. */
    READ,
    /** Read as an account of the owner's domain, or read the quarantine. */
    READ_AS_OWNER,
    /** Register a subscription, or move one to this major. */
    SUBSCRIBE,
    /** Register a subscription although a newer major replaces this one, with a reason. */
    SUBSCRIBE_TO_DEPRECATED,
    /** Move a subscription back to this major, which it read before. */
    MOVE_BACK,
    /** Move a subscription that follows to this major, which is the current one. */
    FOLLOW,
    /** Poll or change a subscription that reads this major already. */
    KEEP,
    /** Publish or roll back rows. */
    PUBLISH,
    /** Erase rows. */
    ERASE,
    AMEND,
    /** Commit through an engine. */
    ENGINE,
    /** Link it, or read through a link. */
    LINK,
    /** Decide on rights: grants, tags, authorizations, requests, explanations. */
    DECIDE,
    /** Show that it exists, its contract and its state, or end what refers to it. */
    DESCRIBE
  }

  /** Returns true if consumers read it and publishes write it. */
  public boolean isLive() {
    return this == ACTIVE || this == DEPRECATED || this == CLOSING || this == RETIRING;
  }

  /** Returns true if it was taken out of use: only its owner may still have access to its data. */
  public boolean isRetired() {
    return publicState().isRetired();
  }

  /** Returns it as the public API names it. */
  public MajorVersion.State publicState() {
    return MajorVersion.State.valueOf(name());
  }

  /** Returns true if a major in this state may be used so. */
  public boolean allows(Use use) {
    return use == Use.DESCRIBE
        || switch (this) {
          case PREPARED -> use == Use.READ_AS_OWNER || use == Use.AMEND || use == Use.DECIDE;
          case ACTIVE -> true;
          case DEPRECATED -> use != Use.SUBSCRIBE;
          case CLOSING -> use != Use.SUBSCRIBE && use != Use.SUBSCRIBE_TO_DEPRECATED;
          case RETIRING ->
              use != Use.SUBSCRIBE
                  && use != Use.SUBSCRIBE_TO_DEPRECATED
                  && use != Use.MOVE_BACK
                  && use != Use.FOLLOW;
          case RETIRED, WITHDRAWN -> use == Use.READ_AS_OWNER || use == Use.ERASE;
          case PURGED -> false;
        };
  }
}
