package io.meshwork.internal.delivery;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody who is told of a product's rows. Immutable.
 *
 * @param domain the consuming domain
 * @param name the subscription's name
 * @param contact whom notices reach
 * @param major the major version that is read
 */
record Subscriber(String domain, String name, String contact, int major) {
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
      if (product.openToMesh() || domain.equals(product.name().domain())) {
        for (Stored stored : session.ledger().list(consumer.partition(), ofProduct)) {
          subscribers.add(
              new Subscriber(
                  domain,
                  stored.json().path("name").asText(),
                  stored.json().path("contact").asText(),
                  stored.json().path("major").asInt()));
        }
      }
    }
    return subscribers;
  }

  /** The end of the ids of its notices. */
  String effect(String what) {
    return what + "." + Names.storage(domain) + "." + Names.storage(name);
  }
}
