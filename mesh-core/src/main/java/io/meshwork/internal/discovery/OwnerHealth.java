package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.OwnerDetails;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.RefusedPublishes;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Adds to the health of a product what only its owner sees. Stateless. */
final class OwnerHealth {
  private OwnerHealth() {}

  static Health of(ClientSession session, IndexedProduct product, Health health) {
    VersionEntry version =
        session
            .catalog()
            .requireFor(
                Use.DESCRIBE,
                product.name(),
                product.shape().major(),
                MeshAction.of(Verb.DESCRIBE, product.name()));
    Set<String> notified = new LinkedHashSet<>();
    notified.add(product.owner());
    version.contract().contacts().stream()
        .filter(contact -> contact.scope().receivesNotices())
        .map(Contact::address)
        .forEach(notified::add);
    notified.addAll(SubscriberList.contacts(session, product.name(), version));
    return new Health(
        health.version(),
        health.status(),
        health.freshness(),
        health.forReaders(),
        health.since(),
        health.contact(),
        Optional.of(
            new OwnerDetails(
                notified.stream().toList(), RefusedPublishes.last(session, product.name()))));
  }
}
