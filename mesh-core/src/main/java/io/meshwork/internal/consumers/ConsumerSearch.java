package io.meshwork.internal.consumers;

import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.Kind;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the consumers of a product that the caller may know. Used by one thread. */
final class ConsumerSearch {
  private static final Comparator<ProductConsumer> ORDER =
      Comparator.comparingInt(ProductConsumer::major)
          .thenComparing(ProductConsumer::kind)
          .thenComparing(ProductConsumer::name);

  private final ClientSession session;
  private final ProductEntry product;
  private final MeshAction action;
  private final Instant now;
  private final ConsumerAccess access;
  private final Map<Integer, VersionEntry> versions = new HashMap<>();
  private final List<KnownConsumer> consumers = new ArrayList<>();
  private final Set<String> unreadable = new HashSet<>();

  private ConsumerSearch(ClientSession session, ProductEntry product, MeshAction action) {
    this.session = session;
    this.product = product;
    this.action = action;
    this.now = session.runtime().clock().instant();
    this.access = new ConsumerAccess(session, product, now);
  }

  static List<ProductConsumer> of(ClientSession session, @Nullable CharSequence name) {
    MeshAction listing = MeshAction.of(Verb.LIST, "consumers of");
    ProductName product = ResolvedProduct.forConsumer(session, name, listing).product();
    MeshAction action = listing.on(product.toString());
    session.checkOpen(action);
    ProductEntry entry = session.catalog().requireProduct(product, action);
    ConsumerSearch search = new ConsumerSearch(session, entry, action);
    SubscriberList.visibleConsumers(session, product.domain(), action).forEach(search::addReads);
    for (String domain : SubscriberList.visibleDomains(session, product.domain(), action)) {
      search.addDependents(domain);
      search.addLinks(domain);
    }
    search.consumers.sort(ORDER);
    return List.copyOf(search.consumers);
  }

  /**
   * The consumers of one major, first the broken ones.
   *
   * @param breaks the changes that break a reader of these columns; of all columns if none are
   *     given
   */
  static List<ProductConsumer> ofMajor(
      ClientSession session,
      ProductEntry product,
      int major,
      Function<List<String>, List<ContractDifference.Change>> breaks,
      MeshAction action) {
    ConsumerSearch search = new ConsumerSearch(session, product, action);
    session.catalog().consumers(product.name().domain()).forEach(search::addReads);
    session.catalog().domains().forEach(domain -> search.addDependents(domain.domain().name()));
    return search.consumers.stream()
        .filter(consumer -> consumer.major() == major && search.isReader(consumer))
        .map(consumer -> (ProductConsumer) consumer.brokenBy(broken(consumer, breaks)))
        .sorted(Comparator.comparing(ProductConsumer::isSafe).thenComparing(ORDER))
        .toList();
  }

  /** Subscriptions that may read nothing are not consumers that a change affects. */
  private boolean isReader(KnownConsumer consumer) {
    return consumer.kind() != Kind.SUBSCRIPTION || !unreadable.contains(consumer.name());
  }

  /** A rule without columns refers to the number of rows only. */
  private static List<ContractDifference.Change> broken(
      KnownConsumer consumer, Function<List<String>, List<ContractDifference.Change>> breaks) {
    return consumer.kind() == Kind.REFERRING_RULE && consumer.columns().isEmpty()
        ? List.of()
        : breaks.apply(consumer.columns());
  }

  /** Adds what a domain recorded next to the product as its consumer. */
  private void addReads(Catalog.Consumer consumer) {
    SubscriberList.all(session, List.of(consumer), RegistryKeys.subscriptions(product.name()))
        .forEach(this::addSubscription);
    session
        .ledger()
        .list(
            consumer.partition(),
            RegistryKeys.usages(product.name(), UsageEntry.WITHOUT_SUBSCRIPTION))
        .forEach(stored -> addReader(consumer, stored));
  }

  /** Adds the products of a domain that depend on the product; it need not be a guest for that. */
  private void addDependents(String domain) {
    for (ProductEntry dependent : DependentProducts.candidates(session, domain, product.name())) {
      if (!dependent.name().equals(product.name())) {
        addDerivations(dependent);
        addReferences(dependent);
      }
    }
  }

  private VersionEntry version(int major) {
    return versions.computeIfAbsent(
        major,
        number -> session.catalog().requireFor(Use.DESCRIBE, product.name(), number, action));
  }

  private void addSubscription(SubscriberList.Entry entry) {
    Optional<Principal> reader = DependentProducts.principal(entry.lastReader());
    List<ProductConsumer.AccessPath> paths =
        entry.readable() ? access.of(entry.domain(), reader, version(entry.major())) : List.of();
    if (!entry.readable()) {
      unreadable.add(entry.subscription());
    }
    consumers.add(entry.toKnownConsumer(now, paths, List.of()));
  }

  private void addReader(Catalog.Consumer consumer, VersionedDocument stored) {
    UsageEntry usage = UsageEntry.of(stored);
    VersionEntry version = version(usage.major());
    Optional<Principal> by = DependentProducts.principal(usage.by());
    consumers.add(
        new KnownConsumer(
            identity(Kind.READER, consumer.domain(), Optional.empty()),
            consumed(usage.major()),
            new KnownConsumer.Use(
                Optional.of(usage.first()),
                Optional.of(usage.at()),
                by,
                !usage.at().plus(SubscriberList.DORMANT_AFTER).isAfter(now),
                usage.columnPaths()),
            access.of(consumer.domain(), by, version),
            List.of()));
  }

  /** A link is listed if the domain does not use its version in another way. */
  private void addLinks(String domain) {
    if (domain.equals(product.name().domain())) {
      return;
    }
    for (LinkEntry link : access.links(domain)) {
      int major = link.majorOf(product.currentMajor());
      if (!isUsed(domain, major)) {
        consumers.add(
            new KnownConsumer(
                identity(Kind.LINK, domain, Optional.empty()),
                consumed(major),
                new KnownConsumer.Use(
                    Optional.empty(), Optional.empty(), Optional.empty(), false, List.of()),
                List.of(ConsumerAccess.path(link)),
                List.of()));
      }
    }
  }

  private boolean isUsed(String domain, int major) {
    return consumers.stream()
        .anyMatch(
            consumer ->
                consumer.domain().equals(domain)
                    && consumer.major() == major
                    && (consumer.kind() == Kind.SUBSCRIPTION
                        || consumer.kind() == Kind.READER
                        || consumer.kind() == Kind.LINK));
  }

  private void addDerivations(ProductEntry dependent) {
    DependentProducts.derivations(session, dependent.name(), product.name(), now)
        .forEach((major, derivation) -> consumers.add(derived(dependent, major, derivation)));
  }

  private KnownConsumer derived(
      ProductEntry dependent, int major, DependentProducts.Derivation derivation) {
    return new KnownConsumer(
        identity(Kind.DERIVED_PRODUCT, dependent.name().domain(), Optional.of(dependent)),
        consumed(major),
        new KnownConsumer.Use(
            Optional.of(derivation.first()),
            Optional.of(derivation.last()),
            derivation.by(),
            false,
            derivation.columns()),
        access.of(dependent.name().domain(), derivation.by(), version(major)),
        List.of());
  }

  /** The rules of a product, by the major on which they are evaluated. */
  private void addReferences(ProductEntry dependent) {
    Map<Integer, SortedSet<String>> columns = new TreeMap<>();
    for (Rule rule : DependentProducts.referringRules(session, dependent, product.name(), action)) {
      List<String> named = rule.otherColumns();
      columns
          .computeIfAbsent(
              session.catalog().majorForRule(product, named, action), first -> new TreeSet<>())
          .addAll(named);
    }
    columns.forEach((major, named) -> consumers.add(referring(dependent, major, named)));
  }

  private KnownConsumer referring(ProductEntry dependent, int major, SortedSet<String> columns) {
    return new KnownConsumer(
        identity(Kind.REFERRING_RULE, dependent.name().domain(), Optional.of(dependent)),
        consumed(major),
        new KnownConsumer.Use(
            Optional.empty(), Optional.empty(), Optional.empty(), false, List.copyOf(columns)),
        List.of(),
        List.of());
  }

  private KnownConsumer.Identity identity(
      Kind kind, String domain, Optional<ProductEntry> dependent) {
    String contact =
        dependent
            .map(entry -> session.catalog().ownerOf(entry, action))
            .orElseGet(() -> session.catalog().requireDomain(domain, action).domain().owner());
    return new KnownConsumer.Identity(
        kind,
        domain,
        Optional.empty(),
        dependent.map(ProductEntry::name),
        Optional.empty(),
        contact);
  }

  private KnownConsumer.ConsumedVersion consumed(int major) {
    return new KnownConsumer.ConsumedVersion(
        product.name(), major, version(major).state().publicState(), Optional.empty());
  }
}
