package io.meshwork.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something one party is told about a product. Names, ids and counts, never values of fields.
 * Immutable.
 *
 * @param id {@code <product or domain>/<sequence>/<effect>} in storage names, such as {@code
 *     commerce/orders/17/published.finance.revenue}; the same each time it is delivered, and no
 *     other notice ever has it
 * @param kind what it is about
 * @param product about which product
 * @param to the contact of the one who is told, as it was given to the mesh
 * @param subject what happened, in one line
 * @param text the same in sentences
 * @param at when the event was committed that it tells of
 * @param eventId the id of that event
 * @param facts the numbers and ids in the text, for programs, by name
 */
public record Notice(
    String id,
    Kind kind,
    ProductName product,
    String to,
    String subject,
    String text,
    Instant at,
    String eventId,
    Map<String, String> facts) {
  /** What a notice is about. */
  public enum Kind {
    /** Rows were added, replaced or erased; to each who subscribed to that major version. */
    PUBLISHED,
    /** An earlier snapshot came back; to each who subscribed to that major version. */
    ROLLED_BACK,
    /** Rows were set aside; to the product's owner. */
    QUARANTINED,
    /** The product was defined; to its owner. */
    DEFINED,
    /** Another contract version is in force; to each who subscribed to that major version. */
    AMENDED,
    /** The product was opened to the mesh; to its owner. */
    OPENED,
    /** A domain subscribed, or says something else of its subscription; to the product's owner. */
    SUBSCRIBED,
    /** Access was asked for, maybe in other terms than before; to who decides. */
    REQUESTED,
    /** The requester answered; to who decides. */
    ANSWERED,
    /** A request still waits, or waits for a second person; to who decides. */
    REQUEST_WAITING,
    /** The owner asks the requester something; to the requester's domain. */
    ASKED_BACK,
    /** A request was approved and is granted; to the requester's domain. */
    APPROVED,
    /** A request was denied; to the requester's domain. */
    DENIED,
    /** Nobody decided on a request in time; to who decides, and to the requester's domain. */
    REQUEST_EXPIRED,
    /** A grant will end within two weeks; to the product's owner, and to the grantee's domain. */
    GRANT_ENDING,
    /** A grant ended by itself; to the product's owner, and to the grantee's domain. */
    GRANT_ENDED
  }

  /** Copies the facts. */
  public Notice {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  /** One line of JSON with all of it; {@code format} is 1. */
  public String toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", 1);
    json.put("id", id);
    json.put("kind", kind.name());
    json.put("product", product.toString());
    json.put("to", to);
    json.put("subject", subject);
    json.put("text", text);
    json.put("at", at.toString());
    json.put("eventId", eventId);
    ObjectNode told = json.putObject("facts");
    facts.forEach(told::put);
    return json.toString();
  }

  /** The id, to whom, and the subject. */
  @Override
  public String toString() {
    return id + " to " + to + ": " + subject;
  }
}
