package io.meshwork.internal.audit;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.session.AccessCounter;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The actions that entries of the audit can have. */
final class AuditActions {
  private static final List<String> LOGGED =
      List.of(
          MeshEvent.MESH_CREATED,
          MeshEvent.MESH_PLACED,
          MeshEvent.MESH_FORMAT_CHANGED,
          MeshEvent.CATALOG_ADDED,
          MeshEvent.GUEST_ADMITTED,
          MeshEvent.DOMAIN_REGISTERED,
          MeshEvent.DOMAIN_AMENDED,
          MeshEvent.PRODUCT_DEFINED,
          MeshEvent.PRODUCT_OPENED,
          MeshEvent.PRODUCT_CLOSED,
          MeshEvent.PRODUCT_AMENDED,
          MeshEvent.AMENDMENT_PROPOSED,
          MeshEvent.PRODUCT_PUBLISHED,
          MeshEvent.PRODUCT_ROLLED_BACK,
          MeshEvent.PRODUCT_BACK_FILLED,
          MeshEvent.PRODUCT_ENGINE_COMMIT,
          MeshEvent.ROLLOUT_PLANNED,
          MeshEvent.ROLLOUT_PREPARED,
          MeshEvent.ROLLOUT_ANNOUNCED,
          MeshEvent.ROLLOUT_ACTIVATED,
          MeshEvent.ROLLOUT_VERIFIED,
          MeshEvent.ROLLOUT_MADE_CURRENT,
          MeshEvent.ROLLOUT_EXTENDED,
          MeshEvent.ROLLOUT_CLOSING,
          MeshEvent.ROLLOUT_RETIRED,
          MeshEvent.ROLLOUT_RESTORED,
          MeshEvent.ROLLOUT_ABORTED,
          MeshEvent.ROLLOUT_PURGED,
          MeshEvent.ROLLOUT_OFFERED,
          MeshEvent.ROLLOUT_ANSWERED,
          MeshEvent.ROLLOUT_FENCED,
          MeshEvent.ROLLOUT_REOPENED,
          MeshEvent.PRODUCT_SUSPENDED,
          MeshEvent.PRODUCT_RESUMED,
          MeshEvent.APPROVAL_REQUESTED,
          MeshEvent.APPROVAL_GIVEN,
          MeshEvent.STEWARD_APPOINTED,
          MeshEvent.STEWARD_DISMISSED,
          MeshEvent.ROLLOUT_REMINDED,
          MeshEvent.ROLLOUT_ESCALATED,
          MeshEvent.SUBSCRIPTION_REGISTERED,
          MeshEvent.SUBSCRIPTION_AMENDED,
          MeshEvent.SUBSCRIPTION_ENDED,
          MeshEvent.TAG_DEFINED,
          MeshEvent.TAGS_CHANGED,
          MeshEvent.GRANT_MADE,
          MeshEvent.GRANT_AMENDED,
          MeshEvent.GRANT_REVOKED,
          MeshEvent.AUTHORIZATION_GIVEN,
          MeshEvent.AUTHORIZATION_AMENDED,
          MeshEvent.AUTHORIZATION_WITHDRAWN,
          MeshEvent.RIGHTS_CHANGED,
          MeshEvent.LINK_MADE,
          MeshEvent.LINK_MOVED,
          MeshEvent.LINK_REMOVED,
          MeshEvent.ACCESS_REQUESTED,
          MeshEvent.ACCESS_AMENDED,
          MeshEvent.ACCESS_ANSWERED,
          MeshEvent.ACCESS_WITHDRAWN,
          MeshEvent.ACCESS_ASKED_BACK,
          MeshEvent.ACCESS_APPROVED,
          MeshEvent.ACCESS_DENIED,
          MeshEvent.ACCESS_REMINDED,
          MeshEvent.ACCESS_EXPIRED,
          MeshEvent.SUGGESTION_MADE,
          MeshEvent.SUGGESTION_ANSWERED,
          MeshEvent.SUGGESTION_WITHDRAWN,
          MeshEvent.PRODUCT_LATE,
          MeshEvent.PRODUCT_LATENESS_ESCALATED,
          MeshEvent.PRODUCT_FRESH,
          MeshEvent.GRANT_ENDING,
          MeshEvent.GRANT_ENDED,
          MeshEvent.PRODUCT_COMPACTED,
          MeshEvent.PRODUCT_SNAPSHOTS_EXPIRED,
          MeshEvent.PUBLISHES_FENCED,
          MeshEvent.LOG_ARCHIVED,
          MeshEvent.PRODUCT_STAGED,
          MeshEvent.PRODUCT_UNSTAGED,
          MeshEvent.QUARANTINE_ERASED,
          MeshEvent.PRODUCT_ERASURE_PROVED,
          MeshEvent.RECEIPTS_REDACTED,
          MeshEvent.RECEIPTS_TRIMMED,
          MeshEvent.MIRROR_APPLIED);

  private static final SortedSet<String> NAMES = names();

  private AuditActions() {}

  /** Returns each action, and each part of one up to a dot. */
  private static SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(LOGGED);
    names.add(AccessCounter.READ_SEEN);
    names.add(AccessCounter.QUARANTINE_SEEN);
    for (Verb verb : Verb.values()) {
      names.add(verb.code() + ".denied");
    }
    for (String name : List.copyOf(names)) {
      names.add(name.substring(0, name.indexOf('.')));
    }
    return names;
  }

  /**
   * Requires the name of an action, or its part up to a dot.
   *
   * @throws io.meshwork.error.NotFoundException otherwise; the message names the nearest
   */
  static void require(String kind) {
    if (NAMES.contains(kind)) {
      return;
    }
    Optional<String> nearest = NearestName.to(kind, NAMES);
    throw Failure.of(MeshAction.of(Verb.QUERY, "the audit"))
        .because("it has no action '" + kind + "'")
        .state("Nothing was read.")
        .fix(
            nearest.map(near -> "Did you mean '" + near + "'? ").orElse("")
                + "Name an event type such as 'grant.made', a count such as 'read.seen' or"
                + " 'publish.denied', or the part before the dot.")
        .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
  }
}
