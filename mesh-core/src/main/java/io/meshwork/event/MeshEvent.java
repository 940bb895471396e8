package io.meshwork.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing that happened, as the log of a product, of a domain or of the mesh says. It was
 * committed in one transaction with what it tells of, and is never changed. Immutable.
 *
 * @param partition whose log it is in: {@code domain/product}, {@code domain} or {@code _mesh}, in
 *     storage names; in a mesh of several catalogs also {@code _mesh/@catalog}, and {@code
 *     domain/@catalog} of what a domain writes as a guest
 * @param sequence its place in that log, from 1, without gaps
 * @param format the version of the form it is written in
 * @param type what happened, such as {@code product.published}; one that this version does not know
 *     is of a newer one
 * @param at when it was committed, by the mesh's clock; never before the event before it
 * @param principal who did it, as {@code account/role}
 * @param subject to what: a product, a domain, or {@code _mesh}
 * @param details what else there is to say of events of this type
 * @param documents sort keys of the registry's documents that were written with it, each with the
 *     SHA-256 of its content, or {@code deleted}
 * @param attempt the id of the transaction, a UUIDv7
 * @param previous the hash of the event before it in the same log; 64 zeros for the first
 * @param hash SHA-256 of the event without this field, its fields sorted by name
 * @param json the event as it stands in the log
 */
public record MeshEvent(
    String partition,
    long sequence,
    int format,
    String type,
    Instant at,
    String principal,
    String subject,
    EventDetails details,
    Map<String, String> documents,
    String attempt,
    String previous,
    String hash,
    String json) {
  /** A registry was prepared. */
  public static final String MESH_CREATED = "mesh.created";

  /** It was settled where the files of the mesh lie. */
  public static final String MESH_PLACED = "mesh.placed";

  /** A mesh of several catalogs has one more. */
  public static final String CATALOG_ADDED = "catalog.added";

  /** A domain from another catalog writes in this one, as a consumer of its products. */
  public static final String GUEST_ADMITTED = "guest.admitted";

  /** A domain was registered. */
  public static final String DOMAIN_REGISTERED = "domain.registered";

  /** A domain says something else of itself. */
  public static final String DOMAIN_AMENDED = "domain.amended";

  /** A product was defined, and its contract is in force. */
  public static final String PRODUCT_DEFINED = "product.defined";

  /** A product was opened to the mesh. */
  public static final String PRODUCT_OPENED = "product.opened";

  /** Another version of a product's contract is in force. */
  public static final String PRODUCT_AMENDED = "product.amended";

  /** Rows were published: added, replaced or erased. */
  public static final String PRODUCT_PUBLISHED = "product.published";

  /** An earlier snapshot was brought back. */
  public static final String PRODUCT_ROLLED_BACK = "product.rolled-back";

  /** An engine such as Spark committed to a product's table. */
  public static final String PRODUCT_ENGINE_COMMIT = "product.engine-commit";

  /** A domain subscribed to a product. */
  public static final String SUBSCRIPTION_REGISTERED = "subscription.registered";

  /** A subscription says something else. */
  public static final String SUBSCRIPTION_AMENDED = "subscription.amended";

  /** A tag of a domain was defined, or has more values. */
  public static final String TAG_DEFINED = "tag.defined";

  /** The tags of a product, of some of its columns or of a domain changed. */
  public static final String TAGS_CHANGED = "tags.changed";

  /** Something was granted, or handed on. */
  public static final String GRANT_MADE = "grant.made";

  /** A grant has another end or another reason. */
  public static final String GRANT_AMENDED = "grant.amended";

  /** A grant was taken back. */
  public static final String GRANT_REVOKED = "grant.revoked";

  /** Somebody of another account was let carry out grants. */
  public static final String AUTHORIZATION_GIVEN = "authorization.given";

  /** An authorization has another end or another reason. */
  public static final String AUTHORIZATION_AMENDED = "authorization.amended";

  /** An authorization was withdrawn, maybe with what was granted by it. */
  public static final String AUTHORIZATION_WITHDRAWN = "authorization.withdrawn";

  /** Several changes of rights were made as one. */
  public static final String RIGHTS_CHANGED = "rights.changed";

  /** A domain linked a product or a whole domain into its catalog. */
  public static final String LINK_MADE = "link.made";

  /** A link stands for something else, or for another major. */
  public static final String LINK_MOVED = "link.moved";

  /** A domain took a link out of its catalog. */
  public static final String LINK_REMOVED = "link.removed";

  /** Access to a product was asked for. */
  public static final String ACCESS_REQUESTED = "access.requested";

  /** Access is asked for in other terms; what was approved before counts no more. */
  public static final String ACCESS_AMENDED = "access.amended";

  /** The requester answered what the owner asked back. */
  public static final String ACCESS_ANSWERED = "access.answered";

  /** A request was taken back. */
  public static final String ACCESS_WITHDRAWN = "access.withdrawn";

  /** The owner asked the requester something. */
  public static final String ACCESS_ASKED_BACK = "access.asked-back";

  /** Somebody approved a request; the last approval grants it. */
  public static final String ACCESS_APPROVED = "access.approved";

  /** A request was denied. */
  public static final String ACCESS_DENIED = "access.denied";

  /** Maintenance reminded the owner of a request that waits. */
  public static final String ACCESS_REMINDED = "access.reminded";

  /** Nobody decided on a request in time. */
  public static final String ACCESS_EXPIRED = "access.expired";

  /** A grant will end soon. */
  public static final String GRANT_ENDING = "grant.ending";

  /** A grant ended by itself. */
  public static final String GRANT_ENDED = "grant.ended";

  /** Maintenance laid files out anew; no row changed. */
  public static final String PRODUCT_COMPACTED = "product.compacted";

  /** Maintenance forgot snapshots that nobody needs any more. */
  public static final String PRODUCT_SNAPSHOTS_EXPIRED = "product.snapshots-expired";

  /** Maintenance gave publishes up for dead, which can no longer be committed. */
  public static final String PUBLISHES_FENCED = "publishes.fenced";

  /** Maintenance wrote a part of the log to an archive. */
  public static final String LOG_ARCHIVED = "log.archived";

  /** Maintenance took old receipts away. */
  public static final String RECEIPTS_TRIMMED = "receipts.trimmed";

  /** Reads and denials were counted. */
  public static final String ACCESS_COUNTED = "access.counted";

  /** Copies the documents. */
  public MeshEvent {
    documents = Map.copyOf(documents);
  }

  /**
   * Reads what {@link #json} gave, or what an archive of a log holds.
   *
   * @param partition whose log it is of; an event does not say it itself
   * @throws BackendException if it is no such text, or of a newer format
   */
  public static MeshEvent fromJson(String partition, String json) {
    String what = "an event of " + partition;
    return of(partition, what, Documents.parseObject(what, json));
  }

  /**
   * The event that an entry of a log is; for Meshwork's own use.
   *
   * @throws BackendException if it is of a newer format
   */
  public static MeshEvent of(Stored entry) {
    String partition = entry.key().partition();
    return of(partition, "an event of " + partition, entry.json());
  }

  private static MeshEvent of(String partition, String what, ObjectNode entry) {
    int format = entry.path("format").asInt();
    if (format > Documents.FORMAT) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_VERSION,
          "Cannot read "
              + what
              + ": its format is "
              + format
              + " and this SDK reads formats up to "
              + Documents.FORMAT
              + ". Nothing was changed. Use a newer version of Meshwork.",
          null);
    }
    String type = entry.path("event").asText();
    Map<String, String> documents = new TreeMap<>();
    for (Map.Entry<String, JsonNode> document : entry.path("documents").properties()) {
      documents.put(document.getKey(), document.getValue().asText());
    }
    return new MeshEvent(
        partition,
        entry.path("sequence").asLong(),
        format,
        type,
        Instant.parse(entry.path("at").asText()),
        entry.path("principal").asText(),
        entry.path("subject").asText(),
        DetailsJson.read(type, entry.path("details")),
        documents,
        entry.path("attempt").asText(),
        entry.path("previous").asText(),
        entry.path("hash").asText(),
        Documents.write(entry));
  }

  /** Where it stands, such as {@code commerce/orders/17}; no other event ever has the same id. */
  public String id() {
    return partition + "/" + sequence;
  }

  /** The id, the type and who did it. */
  @Override
  public String toString() {
    return id() + " " + at + " " + type + " " + subject + " by " + principal;
  }
}
