package io.meshwork.event;

import io.meshwork.internal.ledger.DocumentJson;
import java.time.Instant;
import java.util.Map;

/**
 * An entry in the log of a product, a domain, or the mesh. It was committed in one transaction with
 * the change that it describes, and is never modified. Immutable. The JSON schema {@code
 * event-1.json} describes its text.
 */
public interface MeshEvent {
  /** A mesh was created. */
  String MESH_CREATED = "mesh.created";

  /** The location of the mesh's files was set. */
  String MESH_PLACED = "mesh.placed";

  /** The mesh got a feature that programs must support to open it. */
  String MESH_FORMAT_CHANGED = "mesh.format-changed";

  /** A catalog was added to a mesh of several catalogs. */
  String CATALOG_ADDED = "catalog.added";

  /** A domain of another catalog became a consumer of products of this one. */
  String GUEST_ADMITTED = "guest.admitted";

  /** A domain was registered. */
  String DOMAIN_REGISTERED = "domain.registered";

  /** A domain was amended. */
  String DOMAIN_AMENDED = "domain.amended";

  /** A product was defined. */
  String PRODUCT_DEFINED = "product.defined";

  /** A product was opened to the mesh. */
  String PRODUCT_OPENED = "product.opened";

  /** A product that was open to the mesh was closed. */
  String PRODUCT_CLOSED = "product.closed";

  /** Another version of a product's contract took effect. */
  String PRODUCT_AMENDED = "product.amended";

  /**
   * A contract version that reduces protection was proposed; it takes effect when another principal
   * commits the same.
   */
  String AMENDMENT_PROPOSED = "product.amendment-proposed";

  /** Rows were published: added, replaced or erased. */
  String PRODUCT_PUBLISHED = "product.published";

  /** A product was rolled back to an earlier snapshot. */
  String PRODUCT_ROLLED_BACK = "product.rolled-back";

  /** Rows of one major version were copied to another, which a rollout prepares or restores. */
  String PRODUCT_BACK_FILLED = "product.back-filled";

  /** An engine such as Spark committed to a product's table. */
  String PRODUCT_ENGINE_COMMIT = "product.engine-commit";

  /** A rollout of a major version was started; consumers are not notified yet. */
  String ROLLOUT_PLANNED = "rollout.planned";

  /** The table of the new major version was created; only the owner reads it. */
  String ROLLOUT_PREPARED = "rollout.prepared";

  /** Each consumer of the old major version was notified of its retirement. */
  String ROLLOUT_ANNOUNCED = "rollout.announced";

  /** Consumers can read and subscribe to the new major version. */
  String ROLLOUT_ACTIVATED = "rollout.activated";

  /** Both major versions have the same rows again after rows were published to one of them only. */
  String ROLLOUT_VERIFIED = "rollout.verified";

  /** The new major version became the current one: for readers and publishes that name none. */
  String ROLLOUT_MADE_CURRENT = "rollout.made-current";

  /** The old major version is retired later than planned, for one consumer or for all. */
  String ROLLOUT_EXTENDED = "rollout.extended";

  /** The old major version no longer accepts subscriptions. */
  String ROLLOUT_CLOSING = "rollout.closing";

  /** The old major version was retired: consumers can no longer read it. */
  String ROLLOUT_RETIRED = "rollout.retired";

  /** A retired major version was made readable again. */
  String ROLLOUT_RESTORED = "rollout.restored";

  /** The rollout was aborted; the new major version was withdrawn. */
  String ROLLOUT_ABORTED = "rollout.aborted";

  /** The data of a retired major version was deleted. */
  String ROLLOUT_PURGED = "rollout.purged";

  /** The owner offered consumers a day of retirement; at first all, with the announcement. */
  String ROLLOUT_OFFERED = "rollout.offered";

  /** A consumer answered the owner's offer. */
  String ROLLOUT_ANSWERED = "rollout.answered";

  /** A major version was fenced: its consumers are counted for the last time. */
  String ROLLOUT_FENCED = "rollout.fenced";

  /** A major version is open to its consumers again, because one of them needs it. */
  String ROLLOUT_REOPENED = "rollout.reopened";

  /** Reads of a product, or of one of its major versions, were suspended. */
  String PRODUCT_SUSPENDED = "product.suspended";

  /** Reads of a product are possible again. */
  String PRODUCT_RESUMED = "product.resumed";

  /** The owner of a product requested the approval of a steward. */
  String APPROVAL_REQUESTED = "approval.requested";

  /** A steward approved a request. */
  String APPROVAL_GIVEN = "approval.given";

  /** A principal became a steward of the mesh. */
  String STEWARD_APPOINTED = "steward.appointed";

  /** A principal is no longer a steward of the mesh. */
  String STEWARD_DISMISSED = "steward.dismissed";

  /** Maintenance reminded a consumer of its day of retirement. */
  String ROLLOUT_REMINDED = "rollout.reminded";

  /** The owner escalated a consumer's answer to the owners of both domains. */
  String ROLLOUT_ESCALATED = "rollout.escalated";

  /** A domain subscribed to a product. */
  String SUBSCRIPTION_REGISTERED = "subscription.registered";

  /** A subscription was amended. */
  String SUBSCRIPTION_AMENDED = "subscription.amended";

  /** A subscription was ended, by its consumer or by the owner of the product. */
  String SUBSCRIPTION_ENDED = "subscription.ended";

  /** A tag of a domain was defined or got more values. */
  String TAG_DEFINED = "tag.defined";

  /** The tags of a product, of some of its columns or of a domain changed. */
  String TAGS_CHANGED = "tags.changed";

  /** A grant was made, or passed on to a role. */
  String GRANT_MADE = "grant.made";

  /** The end or reason of a grant changed. */
  String GRANT_AMENDED = "grant.amended";

  /** A grant was revoked. */
  String GRANT_REVOKED = "grant.revoked";

  /** Another account was authorized to make grants. */
  String AUTHORIZATION_GIVEN = "authorization.given";

  /** The end or reason of an authorization changed. */
  String AUTHORIZATION_AMENDED = "authorization.amended";

  /** An authorization was withdrawn, possibly with the grants made by it. */
  String AUTHORIZATION_WITHDRAWN = "authorization.withdrawn";

  /** Several changes of rights were committed together. */
  String RIGHTS_CHANGED = "rights.changed";

  /** A domain linked a product or a whole domain into its catalog. */
  String LINK_MADE = "link.made";

  /** A link was pointed to another product or major version. */
  String LINK_MOVED = "link.moved";

  /** A domain removed a link from its catalog. */
  String LINK_REMOVED = "link.removed";

  /** Access to a product was requested. */
  String ACCESS_REQUESTED = "access.requested";

  /** A request was amended; earlier approvals no longer count. */
  String ACCESS_AMENDED = "access.amended";

  /** The requester answered the owner's question. */
  String ACCESS_ANSWERED = "access.answered";

  /** A request was withdrawn. */
  String ACCESS_WITHDRAWN = "access.withdrawn";

  /** The owner asked the requester a question. */
  String ACCESS_ASKED_BACK = "access.asked-back";

  /** A request was approved by one approver; the last approval makes the grant. */
  String ACCESS_APPROVED = "access.approved";

  /** A request was denied. */
  String ACCESS_DENIED = "access.denied";

  /** Maintenance reminded the owner of an open request. */
  String ACCESS_REMINDED = "access.reminded";

  /** A request expired without a decision. */
  String ACCESS_EXPIRED = "access.expired";

  /** A consumer suggested an improvement of a product. */
  String SUGGESTION_MADE = "suggestion.made";

  /** The owner answered a suggestion. */
  String SUGGESTION_ANSWERED = "suggestion.answered";

  /** A suggestion was withdrawn. */
  String SUGGESTION_WITHDRAWN = "suggestion.withdrawn";

  /** The rows of a major version are older than its contract promises. */
  String PRODUCT_LATE = "product.late";

  /** A major version is late for long, or again, so that its domain is notified. */
  String PRODUCT_LATENESS_ESCALATED = "product.lateness-escalated";

  /** The rows of a major version are fresh again. */
  String PRODUCT_FRESH = "product.fresh";

  /** A grant will end soon. */
  String GRANT_ENDING = "grant.ending";

  /** A grant reached its end. */
  String GRANT_ENDED = "grant.ended";

  /** Maintenance compacted files; no row changed. */
  String PRODUCT_COMPACTED = "product.compacted";

  /** Maintenance expired snapshots. */
  String PRODUCT_SNAPSHOTS_EXPIRED = "product.snapshots-expired";

  /** Maintenance fenced publishes of terminated processes, which can no longer be committed. */
  String PUBLISHES_FENCED = "publishes.fenced";

  /** Maintenance copied a part of the log to an archive. */
  String LOG_ARCHIVED = "log.archived";

  /** Rows were staged, which no consumer sees until they are promoted. */
  String PRODUCT_STAGED = "product.staged";

  /**
   * Staged rows were discarded, or an erase or, after their retention, maintenance removed them.
   */
  String PRODUCT_UNSTAGED = "product.unstaged";

  /** Rows were deleted from a quarantine, by the owner or by maintenance after their retention. */
  String QUARANTINE_ERASED = "quarantine.erased";

  /** The rows of an erasure are in no retained file: all files were read. */
  String PRODUCT_ERASURE_PROVED = "product.erasure-proved";

  /** An erasure removed the filters of earlier receipts that have one of its constants. */
  String RECEIPTS_REDACTED = "receipts.redacted";

  /** Maintenance deleted receipts after their retention. */
  String RECEIPTS_TRIMMED = "receipts.trimmed";

  /** A run of a mirror changed objects of a service, such as AWS Glue. */
  String MIRROR_APPLIED = "mirror.applied";

  /** Reads and denials were counted. */
  String ACCESS_COUNTED = "access.counted";

  /**
   * Parses the text that {@link #json} returned, or a line of a log's archive.
   *
   * @param partition the partition of the log; the text does not contain it
   * @throws io.meshwork.error.BackendException if the text is not an event, or has a newer format
   */
  static MeshEvent fromJson(String partition, String json) {
    String document = "an event of " + partition;
    return LoggedEvent.of(partition, document, DocumentJson.parseObject(document, json));
  }

  /**
   * Returns the log: {@code domain/product}, {@code domain} or {@code _mesh}, in storage names; in
   * a mesh of several catalogs also {@code _mesh/@catalog}, and {@code domain/@catalog} for what a
   * domain writes as a guest, or on AWS as a consumer in its home; {@code domain/@by/account} for
   * what an executor of another account grants for a domain.
   */
  String partition();

  /** Returns the position in the log, from 1, without gaps. */
  long sequence();

  /** Returns the version of the format in which it is written. */
  int format();

  /** Returns what happened, such as {@code product.published}; newer versions may add types. */
  String type();

  /** Returns when it was committed, by the mesh's clock; never earlier than the event before it. */
  Instant at();

  /** Returns the principal that made the change, as {@code account/role}. */
  String principal();

  /** Returns what was changed: a product, a domain, or {@code _mesh}. */
  String subject();

  /** Returns the details that events of this type have. */
  EventDetails details();

  /**
   * Returns the registry documents that were written with it: sort keys, each with the SHA-256 of
   * the content, or {@code deleted}.
   */
  Map<String, String> documents();

  /** Returns the id of the transaction, a UUIDv7. */
  String attempt();

  /** Returns the hash of the event before it in the same log; 64 zeros for the first. */
  String previous();

  /** Returns the SHA-256 of the event without this field, with its fields sorted by name. */
  String hash();

  /** Returns the event as JSON text, as the log contains it. */
  String json();

  /** Returns the globally unique id, such as {@code commerce/orders/17}. */
  String id();
}
