package io.meshwork.internal.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A use of a product by a domain, as the registry has it. Immutable.
 *
 * @param domain the consuming domain
 * @param contact the contact of the subscription, or the owner of the domain
 * @param product the product
 * @param major the major version
 * @param subscription the subscription; empty for reads without one
 * @param usage what was read; empty if nothing was
 * @param link the name of a link; empty for subscriptions and reads
 */
record ConsumerUse(
    String domain,
    String contact,
    ProductName product,
    int major,
    Optional<SubscriptionEntry> subscription,
    Optional<UsageEntry> usage,
    Optional<String> link) {
  /** A link of a domain to a product that it does not use yet. */
  static ConsumerUse linked(DomainEntry domain, IndexedProduct product, LinkEntry link) {
    return new ConsumerUse(
        domain.domain().name(),
        domain.domain().owner(),
        product.name(),
        link.majorOf(product.indexEntry().major()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(link.name().toString()));
  }

  /**
   * Reads the uses of a domain, with two lists for each of its partitions. Documents that are
   * damaged are left out; doctor reports them.
   *
   * @param unreachable the catalogs that could not be read; they are not read again, and more are
   *     added
   */
  static List<ConsumerUse> of(ClientSession session, DomainEntry domain, Set<String> unreachable) {
    Catalog catalog = session.catalog();
    List<ConsumerUse> uses = new ArrayList<>();
    for (String partition : catalog.consumerPartitions(domain.domain().name())) {
      String home = catalog.catalogOf(partition).orElse(partition);
      if (!unreachable.contains(home)) {
        try {
          uses.addAll(in(session, domain, partition));
        } catch (BackendException e) {
          if (!DomainIndex.isUnreachable(session, e)) {
            throw e;
          }
          unreachable.add(home);
        }
      }
    }
    return uses;
  }

  private static List<ConsumerUse> in(ClientSession session, DomainEntry domain, String partition) {
    Map<String, UsageEntry> usages = new LinkedHashMap<>();
    for (VersionedDocument stored :
        session.ledger().listLenient(partition, UnloggedDocuments.USAGE)) {
      stored
          .readAs(UsageEntry::of)
          .ifPresent(usage -> usages.put(key(usage.product(), usage.name(), usage.major()), usage));
    }
    List<ConsumerUse> uses = new ArrayList<>();
    for (VersionedDocument stored :
        session.ledger().listLenient(partition, RegistryKeys.SUBSCRIPTIONS)) {
      stored
          .readAs(SubscriptionEntry::of)
          .ifPresent(entry -> uses.add(subscribed(domain, entry, usages)));
    }
    for (UsageEntry usage : usages.values()) {
      if (usage.name().equals(UsageEntry.WITHOUT_SUBSCRIPTION)) {
        uses.add(
            new ConsumerUse(
                domain.domain().name(),
                domain.domain().owner(),
                usage.product(),
                usage.major(),
                Optional.empty(),
                Optional.of(usage),
                Optional.empty()));
      }
    }
    return uses;
  }

  private static ConsumerUse subscribed(
      DomainEntry domain, SubscriptionEntry stored, Map<String, UsageEntry> usages) {
    int major = stored.terms().major();
    return new ConsumerUse(
        domain.domain().name(),
        stored.terms().contact(),
        stored.product(),
        major,
        Optional.of(stored),
        Optional.ofNullable(usages.get(key(stored.product(), stored.name(), major))),
        Optional.empty());
  }

  private static String key(ProductName product, String name, int major) {
    return product + "@" + major + "#" + name;
  }

  /** The name of the subscription; empty for reads without one. */
  Optional<String> subscriptionName() {
    return subscription.map(SubscriptionEntry::name);
  }

  Optional<String> purpose() {
    return subscription.map(stored -> stored.terms().purpose());
  }

  Optional<MajorMode> majorMode() {
    return subscription.map(stored -> stored.terms().majorMode());
  }

  /** When the subscription was registered, or the first read. */
  Optional<Instant> since() {
    return subscription.map(SubscriptionEntry::registeredAt).or(() -> usage.map(UsageEntry::first));
  }

  /** The columns that were read; the subscription's if nothing was; empty for all. */
  List<String> columns() {
    if (usage.filter(read -> !read.paths().isEmpty()).isPresent()) {
      return usage.orElseThrow().columnPaths();
    }
    return subscription
        .map(SubscriptionEntry::terms)
        .filter(terms -> terms.where().isEmpty())
        .map(SubscriptionTerms::columns)
        .orElse(List.of());
  }

  /** True if it was read at or after a time. */
  boolean isReadSince(Instant time) {
    return usage.filter(read -> !read.at().isBefore(time)).isPresent();
  }

  ProductConsumer.Kind kind() {
    return link.isPresent()
        ? ProductConsumer.Kind.LINK
        : subscription.isPresent()
            ? ProductConsumer.Kind.SUBSCRIPTION
            : ProductConsumer.Kind.READER;
  }
}
