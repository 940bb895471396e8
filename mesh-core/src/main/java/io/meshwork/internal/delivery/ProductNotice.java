package io.meshwork.internal.delivery;

import io.meshwork.internal.delivery.RecipientDomains.RecipientDomain;
import io.meshwork.notice.Notice;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** A notice of an event of a product. Immutable. */
record ProductNotice(
    String id,
    Kind kind,
    ProductName product,
    String to,
    RecipientDomain recipient,
    String subject,
    String text,
    Instant at,
    String eventId,
    Map<String, String> facts)
    implements Notice {
  ProductNotice {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  @Override
  public Domain domain() {
    return recipient.domain();
  }

  /** Returns the ID, the recipient, and the subject. */
  @Override
  public String toString() {
    return id + " to " + to + ": " + subject;
  }
}
