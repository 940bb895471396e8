package io.meshwork.internal.mirror;

import io.meshwork.event.MeshEvent;

/** The mirrors that an event starts. A switch without a default: a new type needs a decision. */
public enum MirrorTrigger {
  /** Nothing: no mirror shows it, or it is rare and the next run of all mirrors is enough. */
  NOTHING,
  /** The tables of a product: only rows changed. */
  ROWS,
  /** All that the mirrors show of a product; if the subject of the event is a domain, all. */
  PRODUCT,
  /** All mirrors. */
  ALL;

  /** Returns what events of a type start. */
  public static MirrorTrigger of(MeshEvent.Type type) {
    return switch (type) {
      case PRODUCT_PUBLISHED, PRODUCT_ROLLED_BACK, PRODUCT_BACK_FILLED, PRODUCT_ENGINE_COMMIT ->
          ROWS;
      case PRODUCT_DEFINED,
          PRODUCT_OPENED,
          PRODUCT_CLOSED,
          PRODUCT_AMENDED,
          PRODUCT_SUSPENDED,
          PRODUCT_RESUMED,
          TAGS_CHANGED,
          GRANT_MADE,
          GRANT_AMENDED,
          GRANT_REVOKED,
          GRANT_ENDED,
          AUTHORIZATION_WITHDRAWN,
          ACCESS_APPROVED,
          ROLLOUT_PREPARED,
          ROLLOUT_ACTIVATED,
          ROLLOUT_VERIFIED,
          ROLLOUT_MADE_CURRENT,
          ROLLOUT_CLOSING,
          ROLLOUT_FENCED,
          ROLLOUT_REOPENED,
          ROLLOUT_RETIRED,
          ROLLOUT_RESTORED,
          ROLLOUT_ABORTED,
          ROLLOUT_PURGED ->
          PRODUCT;
      // The names of links belong to a consumer, and several changes of rights have no subject.
      case RIGHTS_CHANGED, LINK_MADE, LINK_MOVED, LINK_REMOVED, UNKNOWN -> ALL;
      case MESH_CREATED,
          MESH_PLACED,
          MESH_FORMAT_CHANGED,
          CATALOG_ADDED,
          GUEST_ADMITTED,
          DOMAIN_REGISTERED,
          DOMAIN_AMENDED,
          PRODUCT_AMENDMENT_PROPOSED,
          ROLLOUT_PLANNED,
          ROLLOUT_ANNOUNCED,
          ROLLOUT_EXTENDED,
          ROLLOUT_OFFERED,
          ROLLOUT_ANSWERED,
          ROLLOUT_REMINDED,
          ROLLOUT_ESCALATED,
          APPROVAL_REQUESTED,
          APPROVAL_GIVEN,
          STEWARD_APPOINTED,
          STEWARD_DISMISSED,
          SUBSCRIPTION_REGISTERED,
          SUBSCRIPTION_AMENDED,
          SUBSCRIPTION_ENDED,
          TAG_DEFINED,
          AUTHORIZATION_GIVEN,
          AUTHORIZATION_AMENDED,
          ACCESS_REQUESTED,
          ACCESS_AMENDED,
          ACCESS_ANSWERED,
          ACCESS_WITHDRAWN,
          ACCESS_ASKED_BACK,
          ACCESS_DENIED,
          ACCESS_REMINDED,
          ACCESS_EXPIRED,
          SUGGESTION_MADE,
          SUGGESTION_ANSWERED,
          SUGGESTION_WITHDRAWN,
          PRODUCT_LATE,
          PRODUCT_LATENESS_ESCALATED,
          PRODUCT_FRESH,
          GRANT_ENDING,
          PRODUCT_COMPACTED,
          PRODUCT_SNAPSHOTS_EXPIRED,
          PUBLISHES_FENCED,
          LOG_ARCHIVED,
          PRODUCT_STAGED,
          PRODUCT_UNSTAGED,
          QUARANTINE_ERASED,
          PRODUCT_ERASURE_PROVED,
          RECEIPTS_REDACTED,
          RECEIPTS_TRIMMED,
          NOTIFIER_FORGOTTEN,
          MIRROR_APPLIED,
          ACCESS_COUNTED ->
          NOTHING;
    };
  }
}
