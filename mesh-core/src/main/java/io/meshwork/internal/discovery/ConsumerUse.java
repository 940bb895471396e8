package io.meshwork.internal.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A use of a product by a domain, as the registry has it. Immutable.
 *
 * @param domain the consuming domain
 * @param contact the contact of the subscription, or the owner of the domain
 * @param product the product
 * @param major the major version
 * @param subscription the subscription; empty for reads without one
 * @param usage what was read; empty if nothing was
 */
record ConsumerUse(
    String domain,
    String contact,
    ProductName product,
    int major,
    Optional<VersionedDocument> subscription,
    Optional<UsageEntry> usage) {
  /** Reads the uses of a domain, with two lists for each of its partitions. */
  static List<ConsumerUse> of(ClientSession session, DomainEntry domain) {
    Catalog catalog = session.catalog();
    String name = domain.domain().name();
    List<ConsumerUse> uses = new ArrayList<>();
    for (String partition : catalog.consumerPartitions(name)) {
      Map<String, UsageEntry> usages = new HashMap<>();
      for (VersionedDocument stored : session.ledger().list(partition, UnloggedDocuments.USAGE)) {
        UsageEntry usage = UsageEntry.of(stored);
        usages.put(key(usage.product(), usage.name(), usage.major()), usage);
      }
      Set<String> subscribed = new HashSet<>();
      for (VersionedDocument stored :
          session.ledger().list(partition, RegistryKeys.SUBSCRIPTIONS)) {
        JsonNode json = stored.json();
        ProductName product = ProductName.of(json.path("product").asText());
        int major = json.path("major").asInt();
        String key = key(product, json.path("name").asText(), major);
        subscribed.add(key);
        uses.add(
            new ConsumerUse(
                name,
                json.path("contact").asText(domain.domain().owner()),
                product,
                major,
                Optional.of(stored),
                Optional.ofNullable(usages.get(key))));
      }
      usages.forEach(
          (key, usage) -> {
            if (usage.name().equals(UsageEntry.WITHOUT_SUBSCRIPTION)) {
              uses.add(
                  new ConsumerUse(
                      name,
                      domain.domain().owner(),
                      usage.product(),
                      usage.major(),
                      Optional.empty(),
                      Optional.of(usage)));
            }
          });
    }
    return uses;
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
    return subscription
        .map(stored -> stored.json().path(SubscriberList.MAJOR_MODE).textValue())
        .map(
            (@Nullable String mode) ->
                MajorMode.valueOf(String.valueOf(mode).toUpperCase(Locale.ROOT)));
  }

  /** When the subscription was registered, or the first read. */
  Optional<Instant> since() {
    return subscription
        .map(stored -> stored.json().path(SubscriberList.REGISTERED_AT).textValue())
        .map(Instant::parse)
        .or(() -> usage.map(UsageEntry::first));
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
    return subscription.isPresent()
        ? ProductConsumer.Kind.SUBSCRIPTION
        : ProductConsumer.Kind.READER;
  }
}
