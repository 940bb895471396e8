package io.meshwork.event;

import io.meshwork.internal.ledger.DocumentJson;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An entry in the log of a product, a domain, or the mesh. It was committed in one transaction with
 * the change that it describes, and is never modified. Immutable. The JSON schema {@code
 * event-1.json} describes its text.
 */
public interface MeshEvent {
  /** What happened. Newer versions may add types. */
  enum Type {
    /** A mesh was created. */
    MESH_CREATED("mesh.created"),

    /** The location of the mesh's files was set. */
    MESH_PLACED("mesh.placed"),

    /** The mesh got a feature that programs must support to open it. */
    MESH_FORMAT_CHANGED("mesh.format-changed"),

    /** A catalog was added to a mesh of several catalogs. */
    CATALOG_ADDED("catalog.added"),

    /** A domain of another catalog became a consumer of products of this one. */
    GUEST_ADMITTED("guest.admitted"),

    /** A domain was registered. */
    DOMAIN_REGISTERED("domain.registered"),

    /** A domain was amended. */
    DOMAIN_AMENDED("domain.amended"),

    /** A product was defined. */
    PRODUCT_DEFINED("product.defined"),

    /** A product was opened to the mesh. */
    PRODUCT_OPENED("product.opened"),

    /** A product that was open to the mesh was closed. */
    PRODUCT_CLOSED("product.closed"),

    /** Another version of a product's contract took effect. */
    PRODUCT_AMENDED("product.amended"),

    /**
     * A contract version that reduces protection was proposed; it takes effect when another
     * principal commits the same.
     */
    PRODUCT_AMENDMENT_PROPOSED("product.amendment-proposed"),

    /** Rows were published: added, replaced or erased. */
    PRODUCT_PUBLISHED("product.published"),

    /** A product was rolled back to an earlier snapshot. */
    PRODUCT_ROLLED_BACK("product.rolled-back"),

    /** Rows of one major version were copied to another, which a rollout prepares or restores. */
    PRODUCT_BACK_FILLED("product.back-filled"),

    /** An engine such as Spark committed to a product's table. */
    PRODUCT_ENGINE_COMMIT("product.engine-commit"),

    /** A rollout of a major version was started; consumers are not notified yet. */
    ROLLOUT_PLANNED("rollout.planned"),

    /** The table of the new major version was created; only the owner reads it. */
    ROLLOUT_PREPARED("rollout.prepared"),

    /** Each consumer of the old major version was notified of its retirement. */
    ROLLOUT_ANNOUNCED("rollout.announced"),

    /** Consumers can read and subscribe to the new major version. */
    ROLLOUT_ACTIVATED("rollout.activated"),

    /**
     * Both major versions have the same rows again after rows were published to one of them only.
     */
    ROLLOUT_VERIFIED("rollout.verified"),

    /** The new major version became the current one: for readers and publishes that name none. */
    ROLLOUT_MADE_CURRENT("rollout.made-current"),

    /** The old major version is retired later than planned, for one consumer or for all. */
    ROLLOUT_EXTENDED("rollout.extended"),

    /** The old major version no longer accepts subscriptions. */
    ROLLOUT_CLOSING("rollout.closing"),

    /** The old major version was retired: consumers can no longer read it. */
    ROLLOUT_RETIRED("rollout.retired"),

    /** A retired major version was made readable again. */
    ROLLOUT_RESTORED("rollout.restored"),

    /** The rollout was aborted; the new major version was withdrawn. */
    ROLLOUT_ABORTED("rollout.aborted"),

    /** The data of a retired major version was deleted. */
    ROLLOUT_PURGED("rollout.purged"),

    /** The owner offered consumers a day of retirement; at first all, with the announcement. */
    ROLLOUT_OFFERED("rollout.offered"),

    /** A consumer answered the owner's offer. */
    ROLLOUT_ANSWERED("rollout.answered"),

    /** A major version was fenced: its consumers are counted for the last time. */
    ROLLOUT_FENCED("rollout.fenced"),

    /** A major version is open to its consumers again, because one of them needs it. */
    ROLLOUT_REOPENED("rollout.reopened"),

    /** Reads of a product, or of one of its major versions, were suspended. */
    PRODUCT_SUSPENDED("product.suspended"),

    /** Reads of a product are possible again. */
    PRODUCT_RESUMED("product.resumed"),

    /** The owner of a product requested the approval of a steward. */
    APPROVAL_REQUESTED("approval.requested"),

    /** A steward approved a request. */
    APPROVAL_GIVEN("approval.given"),

    /** A principal became a steward of the mesh. */
    STEWARD_APPOINTED("steward.appointed"),

    /** A principal is no longer a steward of the mesh. */
    STEWARD_DISMISSED("steward.dismissed"),

    /** Maintenance reminded a consumer of its day of retirement. */
    ROLLOUT_REMINDED("rollout.reminded"),

    /** The owner escalated a consumer's answer to the owners of both domains. */
    ROLLOUT_ESCALATED("rollout.escalated"),

    /** A domain subscribed to a product. */
    SUBSCRIPTION_REGISTERED("subscription.registered"),

    /** A subscription was amended. */
    SUBSCRIPTION_AMENDED("subscription.amended"),

    /** A subscription was ended, by its consumer or by the owner of the product. */
    SUBSCRIPTION_ENDED("subscription.ended"),

    /** A tag of a domain was defined or got more values. */
    TAG_DEFINED("tag.defined"),

    /** The tags of a product, of some of its columns or of a domain changed. */
    TAGS_CHANGED("tags.changed"),

    /** A grant was made, or passed on to a role. */
    GRANT_MADE("grant.made"),

    /** The end or reason of a grant changed. */
    GRANT_AMENDED("grant.amended"),

    /** A grant was revoked. */
    GRANT_REVOKED("grant.revoked"),

    /** Another account was authorized to make grants. */
    AUTHORIZATION_GIVEN("authorization.given"),

    /** The end or reason of an authorization changed. */
    AUTHORIZATION_AMENDED("authorization.amended"),

    /** An authorization was withdrawn, possibly with the grants created by it. */
    AUTHORIZATION_WITHDRAWN("authorization.withdrawn"),

    /** Several changes of rights were committed together. */
    RIGHTS_CHANGED("rights.changed"),

    /** A domain linked a product or a whole domain into its catalog. */
    LINK_MADE("link.made"),

    /** A link was pointed to another product or major version. */
    LINK_MOVED("link.moved"),

    /** A domain removed a link from its catalog. */
    LINK_REMOVED("link.removed"),

    /** Access to a product was requested. */
    ACCESS_REQUESTED("access.requested"),

    /** A request was amended; earlier approvals no longer count. */
    ACCESS_AMENDED("access.amended"),

    /** The requester answered the owner's question. */
    ACCESS_ANSWERED("access.answered"),

    /** A request was withdrawn. */
    ACCESS_WITHDRAWN("access.withdrawn"),

    /** The owner asked the requester a question. */
    ACCESS_ASKED_BACK("access.asked-back"),

    /** A request was approved by one approver; the last approval makes the grant. */
    ACCESS_APPROVED("access.approved"),

    /** A request was denied. */
    ACCESS_DENIED("access.denied"),

    /** Maintenance reminded the owner of an open request. */
    ACCESS_REMINDED("access.reminded"),

    /** A request expired without a decision. */
    ACCESS_EXPIRED("access.expired"),

    /** A consumer suggested an improvement of a product. */
    SUGGESTION_MADE("suggestion.made"),

    /** The owner answered a suggestion. */
    SUGGESTION_ANSWERED("suggestion.answered"),

    /** A suggestion was withdrawn. */
    SUGGESTION_WITHDRAWN("suggestion.withdrawn"),

    /** The rows of a major version are older than its contract promises. */
    PRODUCT_LATE("product.late"),

    /** A major version is late for long, or again, so that its domain is notified. */
    PRODUCT_LATENESS_ESCALATED("product.lateness-escalated"),

    /** The rows of a major version are fresh again. */
    PRODUCT_FRESH("product.fresh"),

    /** A grant will end soon. */
    GRANT_ENDING("grant.ending"),

    /** A grant reached its end. */
    GRANT_ENDED("grant.ended"),

    /** Maintenance compacted files; no row changed. */
    PRODUCT_COMPACTED("product.compacted"),

    /** Maintenance expired snapshots. */
    PRODUCT_SNAPSHOTS_EXPIRED("product.snapshots-expired"),

    /** Maintenance fenced publishes of terminated processes, which can no longer be committed. */
    PUBLISHES_FENCED("publishes.fenced"),

    /** Maintenance copied a part of the log to an archive. */
    LOG_ARCHIVED("log.archived"),

    /** Rows were staged, which no consumer sees until they are promoted. */
    PRODUCT_STAGED("product.staged"),

    /**
     * Staged rows were discarded, or an erase or, after their retention, maintenance removed them.
     */
    PRODUCT_UNSTAGED("product.unstaged"),

    /**
     * Rows were deleted from a quarantine, by the owner or by maintenance after their retention.
     */
    QUARANTINE_ERASED("quarantine.erased"),

    /** The rows of an erasure are in no retained file: all files were read. */
    PRODUCT_ERASURE_PROVED("product.erasure-proved"),

    /** An erasure removed the filters of earlier receipts that have one of its constants. */
    RECEIPTS_REDACTED("receipts.redacted"),

    /** Maintenance deleted receipts after their retention. */
    RECEIPTS_TRIMMED("receipts.trimmed"),

    /** The positions and parked notices of a notifier were removed. */
    NOTIFIER_FORGOTTEN("notifier.forgotten"),

    /** A run of a mirror changed objects of a service, such as AWS Glue. */
    MIRROR_APPLIED("mirror.applied"),

    /** Reads and denials were counted. */
    ACCESS_COUNTED("access.counted"),

    /** A type of a newer version of Meshwork; {@link MeshEvent#typeName()} has its name. */
    UNKNOWN("unknown");

    private static final Map<String, Type> BY_TEXT =
        Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Type::text, type -> type));

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Returns its name in the log, such as {@code product.published}. */
    public String text() {
      return text;
    }

    /** Returns the type with a name in the log; {@link #UNKNOWN} if this version has none. */
    public static Type of(String text) {
      return BY_TEXT.getOrDefault(text, UNKNOWN);
    }
  }

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

  /** Returns what happened; {@link Type#UNKNOWN} for types that newer versions added. */
  Type type();

  /** Returns what happened as the log has it, such as {@code product.published}. */
  String typeName();

  /** Returns when it was committed, by the mesh's clock; never earlier than the event before it. */
  Instant at();

  /** Returns the principal that made the change, as {@code account/role}. */
  String principal();

  /** Returns what was changed: a product, a domain, or {@code _mesh}. */
  String subject();

  /**
   * Returns the details as plain values, in the order of the log: text, {@code Long}, {@code
   * Double}, {@code Boolean}, {@code List}, and {@code Map<String, Object>}. {@code event-1.json}
   * describes which names each type has. Unmodifiable; empty for a type without details.
   */
  Map<String, Object> details();

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

  /**
   * Lists the events of one log, oldest first. {@code MeshClient.events(..)} creates it for a
   * product, written {@code domain/product}, a domain, or the mesh, written {@code _mesh}. In a
   * mesh of several catalogs, {@code _mesh/@catalog} is the log of one catalog, and {@code
   * domain/@catalog} the log of what a domain writes as a guest of one. On AWS, {@code
   * domain/@catalog} is also the log of what a domain writes as a consumer in its home catalog,
   * which is {@code mesh} if there is only one. Not thread-safe.
   */
  interface Query {
    /**
     * Lists only events after this sequence number: pass the last one that you processed. Default:
     * 0, all events.
     *
     * @param sequence 0 or more
     */
    Query after(long sequence);

    /**
     * Lists at most this many events, the oldest. Default: all.
     *
     * @param events at least 1
     */
    Query limit(int events);

    /**
     * Returns the events, oldest first.
     *
     * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain;
     *     the mesh's own log is open to every caller
     * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
     * @throws io.meshwork.error.BackendException if the registry cannot be read
     */
    List<MeshEvent> list();
  }
}
