package io.meshwork.internal.delivery;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.Sight;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Names;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who is told of a product's rows. Immutable.
 *
 * @param domain the consuming domain
 * @param name the subscription's name
 * @param contact whom notices reach
 * @param major the major version that is read
 * @param everyRow false if whoever subscribed sees only some of the rows, so that counts are not
 *     for him
 */
record Subscriber(String domain, String name, String contact, int major, boolean everyRow) {
  /** All who subscribed and may read the product now, domain by domain. */
  static List<Subscriber> of(Session session, ProductEntry product) {
    List<Subscriber> subscribers = new ArrayList<>();
    String ofProduct =
        Keys.SUBSCRIPTIONS
            + Names.storage(product.name().domain())
            + "."
            + Names.storage(product.name().product())
            + "/";
    for (Catalog.Consumer consumer : session.catalog().consumers(product.name().domain())) {
      String domain = consumer.domain();
      boolean all = product.openToMesh() || domain.equals(product.name().domain());
      for (Stored stored : session.ledger().list(consumer.partition(), ofProduct)) {
        int major = stored.json().path("major").asInt();
        Optional<Sight> sight =
            all ? Optional.of(Sight.ALL) : granted(session, product, major, stored);
        if (sight.isPresent()) {
          subscribers.add(
              new Subscriber(
                  domain,
                  stored.json().path("name").asText(),
                  stored.json().path("contact").asText(),
                  major,
                  sight.get().rows().isEmpty()));
        }
      }
    }
    return subscribers;
  }

  /** What whoever subscribed sees by grants now; empty if nothing, or it was not kept who did. */
  private static Optional<Sight> granted(
      Session session, ProductEntry product, int major, Stored subscription) {
    String[] by = subscription.json().path("by").asText().split("/", 2);
    if (by.length < 2) {
      return Optional.empty();
    }
    String doing = "tell subscribers of " + product.name();
    return session
        .rights()
        .decide(
            Principal.of(by[0], by[1]),
            session.catalog().requireDomain(product.name().domain(), doing),
            product,
            session.catalog().requireVersion(product.name(), major, doing),
            session.runtime().clock().instant())
        .filter(decided -> decided.decision().allowed())
        .map(
            decided ->
                Sight.of(
                    decided.decision(),
                    decided.world().table(product.name()).orElseThrow().columns()));
  }

  /** The end of the ids of its notices. */
  String effect(String what) {
    return what + "." + Names.storage(domain) + "." + Names.storage(name);
  }
}
