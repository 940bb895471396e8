package io.meshwork.internal.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
    Optional<VersionedDocument> subscription,
    Optional<UsageEntry> usage,
    Optional<String> link) {
  /** A link of a domain to a product that it does not use yet. */
  static ConsumerUse linked(DomainEntry domain, IndexedProduct product, LinkEntry link) {
    return new ConsumerUse(
        domain.domain().name(),
        domain.domain().owner(),
        product.name(),
        link.product().isPresent() ? link.major() : product.shape().major(),
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
      stored.readAs(known -> subscribed(domain, known, usages)).ifPresent(uses::add);
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
      DomainEntry domain, VersionedDocument stored, Map<String, UsageEntry> usages) {
    JsonNode json = stored.json();
    ProductName product = ProductName.of(json.path("product").asText());
    int major = json.path("major").asInt();
    return new ConsumerUse(
        domain.domain().name(),
        json.path("contact").asText(domain.domain().owner()),
        product,
        major,
        Optional.of(stored),
        Optional.ofNullable(usages.get(key(product, json.path("name").asText(), major))),
        Optional.empty());
  }

  private static String key(ProductName product, String name, int major) {
    return product + "@" + major + "#" + name;
  }

  /** The name of the subscription; empty for reads without one. */
  Optional<String> subscriptionName() {
    return subscription.map(stored -> stored.json().path("name").asText());
  }

  Optional<String> purpose() {
    return subscription.map(stored -> stored.json().path("purpose").asText());
  }

  Optional<MajorMode> majorMode() {
    return text(
        SubscriberList.MAJOR_MODE, mode -> MajorMode.valueOf(mode.toUpperCase(Locale.ROOT)));
  }

  /** When the subscription was registered, or the first read. */
  Optional<Instant> since() {
    return text(SubscriberList.REGISTERED_AT, Instant::parse)
        .or(() -> usage.map(UsageEntry::first));
  }

  private <T> Optional<T> text(String field, Function<String, T> reader) {
    return subscription
        .filter(stored -> stored.json().hasNonNull(field))
        .flatMap(stored -> stored.readAs(known -> reader.apply(known.json().path(field).asText())));
  }

  /**
   * The columns that were read; those that the subscription names if nothing was; empty for all.
   */
  List<String> columns() {
    if (usage.filter(read -> !read.paths().isEmpty()).isPresent()) {
      return usage.orElseThrow().columnPaths();
    }
    List<String> named = new ArrayList<>();
    subscription.ifPresent(
        stored -> {
          if (!stored.json().has("where")) {
            stored.json().path("columns").forEach(column -> named.add(column.asText()));
          }
        });
    return named;
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
