package io.meshwork.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.event.SentEventSchema;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message to one recipient about a product. It contains names, IDs, and counts, never field
 * values. Immutable. Two are equal if all of their attributes are. {@code toString()} is the ID,
 * the recipient, and the subject.
 */
public interface Notice {
  /**
   * Returns {@code <product or domain>/<sequence>/<effect>} in storage names, such as {@code
   * commerce/orders/17/published.finance.revenue}; unique, and the same each time it is delivered.
   */
  String id();

  /** Returns what it is about. */
  Kind kind();

  /** Returns the product. */
  ProductName product();

  /** Returns the contact of the recipient, as registered in the mesh. */
  String to();

  /**
   * Returns the recipient's domain as currently registered. For contacts of the contract, this is
   * the domain of the product. A domain that is no longer registered has only a name.
   *
   * @throws io.meshwork.error.BackendException if the catalog of the domain is unavailable; the
   *     notice is then delivered again later, as if the notifier had failed
   */
  Domain domain();

  /** Returns what happened, in one line. */
  String subject();

  /** Returns what happened and what to do, in sentences. */
  String text();

  /** Returns when the event was committed. */
  Instant at();

  /** Returns the ID of that event. */
  String eventId();

  /** Returns the numbers and IDs in the text, for programs, by name; unmodifiable. */
  Map<String, String> facts();

  /** What a notice is about. */
  enum Kind {
    /** Rows were added, replaced or erased; to each subscriber of that major version. */
    PUBLISHED,
    /** The product was rolled back; to each subscriber of that major version. */
    ROLLED_BACK,
    /** Rows were quarantined; to the product's owner. */
    QUARANTINED,
    /** The product was defined; to its owner. */
    DEFINED,
    /**
     * Another contract version took effect; to each subscriber of that major version, and after the
     * rollout of an amendment to the owner of each domain that read it without a subscription.
     */
    AMENDED,
    /** The product was opened to the mesh; to its owner. */
    OPENED,
    /**
     * The product was closed to the mesh; to its owner, and to each subscriber that can no longer
     * read it.
     */
    CLOSED,
    /** A domain subscribed or amended its subscription; to the product's owner. */
    SUBSCRIBED,
    /**
     * A subscription was ended: to the product's owner if its consumer ended it, and to the
     * subscription's contact if the owner did.
     */
    UNSUBSCRIBED,
    /**
     * Access was requested, or a request was amended; to the product's owner, or, if the risk is
     * above {@code INTERNAL}, to the steward of its domain.
     */
    REQUESTED,
    /** The requester answered a question; to the same contact. */
    ANSWERED,
    /** A request is still open, or needs another approval; to the same contact. */
    REQUEST_WAITING,
    /** The owner asked the requester a question; to the requester's domain. */
    ASKED_BACK,
    /** A request was approved and access is granted; to the requester's domain. */
    APPROVED,
    /** A request was denied; to the requester's domain. */
    DENIED,
    /** A request expired undecided; to the same contact and the requester's domain. */
    REQUEST_EXPIRED,
    /** A consumer suggested an improvement; to the product's owner. */
    SUGGESTED,
    /**
     * A suggestion was accepted or declined, or the rollout that should have delivered it was
     * aborted; to the owner of the requester's domain.
     */
    SUGGESTION_ANSWERED,
    /** What was suggested is in a contract version that consumers can read; to the same. */
    SUGGESTION_DELIVERED,
    /**
     * The rows of a major version are older than its contract promises; to the product's owner, the
     * contacts of the contract for notifications, each subscription, and the owners of the products
     * whose lateness caused it.
     */
    LATE,
    /**
     * A major version is late for more than three times its promised age, or for the second time
     * within seven days; to the owner and the steward of its domain.
     */
    LATENESS_ESCALATED,
    /** The rows are fresh again; to the same recipients, and to recipients of the escalation. */
    FRESH_AGAIN,
    /** A grant will end within two weeks; to the product's owner and the grantee's domain. */
    GRANT_ENDING,
    /** A grant reached its end; to the product's owner and the grantee's domain. */
    GRANT_ENDED,
    /**
     * A major version was retired; to each of its subscribers, and to the owner of each domain that
     * read it without a subscription.
     */
    ROLLOUT_RETIRED,
    /** A retired major version is readable again; to the same. */
    ROLLOUT_RESTORED,
    /** Reads of a major version were suspended; to the same. */
    SUSPENDED,
    /** Reads of a suspended major version are possible again; to the same. */
    RESUMED,
    /**
     * A major version is proposed to retire, or its day changed; to each consumer of it, with the
     * changes of the columns that it reads.
     */
    ROLLOUT_OFFERED,
    /** A consumer answered in a rollout; to the product's owner. */
    ROLLOUT_ANSWERED,
    /**
     * The day on which a major version is retired comes near; to the consumer, later also to the
     * owner of its domain.
     */
    ROLLOUT_REMINDED,
    /**
     * The product's owner escalated the answer of a consumer, or a missing one; to the owner and
     * the steward of the consumer's domain, and to the owner of the product's domain.
     */
    ROLLOUT_ESCALATED,
    /**
     * An announced rollout was aborted; to each subscriber of the old major version, and to the
     * owner of each domain that read it without a subscription.
     */
    ROLLOUT_ABORTED
  }

  /**
   * Returns all attributes but the domain, whose catalog may be unavailable, as one line of JSON;
   * {@code format} is 1.
   */
  default String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", 1);
    json.put("id", id());
    json.put("kind", kind().name());
    json.put("product", product().toString());
    json.put("to", to());
    json.put("subject", subject());
    json.put("text", text());
    json.put("at", at().toString());
    json.put("eventId", eventId());
    ObjectNode facts = json.putObject("facts");
    facts().forEach((name, value) -> facts.put(name, value));
    return json.toString();
  }

  /**
   * Returns what webhooks and event buses get, whose receivers may store it: as {@link #toJson()},
   * with the name of the recipient's domain, and without the text and the facts that people wrote,
   * such as reasons. The schema is {@code sent-event-1.json}, next to {@code MeshEvent} in the jar.
   *
   * @throws io.meshwork.error.BackendException as {@link #domain()}
   */
  default String toEventJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", 1);
    json.put("id", id());
    json.put("kind", kind().name());
    json.put("product", product().toString());
    json.put("domain", domain().name());
    json.put("to", to());
    json.put("subject", subject());
    json.put("at", at().toString());
    json.put("eventId", eventId());
    Map<String, String> sent = new TreeMap<>(facts());
    sent.keySet().retainAll(SentEventSchema.NOTICE_FACTS);
    ObjectNode facts = json.putObject("facts");
    sent.forEach((name, value) -> facts.put(name, value));
    return json.toString();
  }
}
