package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A subscription whose contact is notified about a product's rows. Immutable.
 *
 * @param domain the consuming domain
 * @param name the subscription's name
 * @param contact the recipient of notices
 * @param major the major version that it reads
 * @param everyRow false if the subscriber sees only some rows, or its reads are suspended, so that
 *     notices omit counts
 * @param everyCell false if it sees only some columns, rows, or cells, so that notices omit what
 *     the quality history has
 */
record NotifiedSubscriber(
    String domain, String name, String contact, int major, boolean everyRow, boolean everyCell) {
  /** Returns the subscriptions that may read the product now, by domain. */
  static List<NotifiedSubscriber> of(ClientSession session, ProductEntry product) {
    return of(session, product, true);
  }

  /** Returns the subscriptions that neither their creator nor their last reader can read now. */
  static List<NotifiedSubscriber> withoutAccess(ClientSession session, ProductEntry product) {
    return of(session, product, false);
  }

  private static List<NotifiedSubscriber> of(
      ClientSession session, ProductEntry product, boolean reading) {
    List<NotifiedSubscriber> subscribers = new ArrayList<>();
    Map<Integer, Boolean> open = new HashMap<>();
    String prefix =
        RegistryKeys.SUBSCRIPTIONS
            + NameGrammar.storage(product.name().domain())
            + "."
            + NameGrammar.storage(product.name().product())
            + "/";
    for (Catalog.Consumer consumer : session.catalog().consumers(product.name().domain())) {
      String domain = consumer.domain();
      for (VersionedDocument stored : session.ledger().list(consumer.partition(), prefix)) {
        Optional<SubscriptionEntry> readable = stored.readAs(SubscriptionEntry::of);
        if (readable.isEmpty()) {
          continue; // what one consumer wrote does not prevent the notices to others
        }
        SubscriptionEntry subscription = readable.get();
        int major = subscription.terms().major();
        boolean all =
            domain.equals(product.name().domain())
                || open.computeIfAbsent(major, each -> isOpen(session, product, each));
        Optional<DataPermission> permission =
            all ? Optional.of(DataPermission.ALL) : granted(session, product, major, subscription);
        boolean notified =
            reading
                ? permission.isPresent()
                : !all && !SubscriberList.entry(session, consumer, stored).readable();
        if (notified) {
          boolean suspended =
              !domain.equals(product.name().domain())
                  && session.catalog().isSuspended(product, major);
          subscribers.add(
              new NotifiedSubscriber(
                  domain,
                  subscription.name(),
                  subscription.terms().contact(),
                  major,
                  !suspended
                      && permission.map(granted -> granted.rowFilter().everyRow()).orElse(false),
                  !suspended
                      && permission.filter(DataPermission::isAll).isPresent()
                      && readsAll(session, product, consumer, major, subscription)));
        }
      }
    }
    return subscribers;
  }

  /** True if a subscriber may read all of a major version, not just the columns open to all. */
  private static boolean readsAll(
      ClientSession session,
      ProductEntry product,
      Catalog.Consumer consumer,
      int major,
      SubscriptionEntry subscription) {
    return consumer.domain().equals(product.name().domain())
        || granted(session, product, major, subscription).filter(DataPermission::isAll).isPresent();
  }

  private static VersionEntry version(ClientSession session, ProductEntry product, int major) {
    return session
        .catalog()
        .requireFor(
            Use.DESCRIBE,
            product.name(),
            major,
            MeshAction.of(Verb.NOTIFY, "subscribers of " + product.name()));
  }

  /** True if every domain may read some columns of every row of a major version. */
  private static boolean isOpen(ClientSession session, ProductEntry product, int major) {
    return product.openToMesh() && !version(session, product, major).openColumns().isEmpty();
  }

  /** What the subscriber may read now; empty if nothing. */
  private static Optional<DataPermission> granted(
      ClientSession session, ProductEntry product, int major, SubscriptionEntry subscription) {
    return session
        .policy()
        .permission(
            subscription.by(),
            product,
            version(session, product, major),
            session.runtime().clock().instant())
        .permission();
  }

  /** Returns the suffix of the IDs of its notices. */
  String effect(String effect) {
    return effect + "." + NameGrammar.storage(domain) + "." + NameGrammar.storage(name);
  }
}
