package io.meshwork.internal.consumers;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberReads.KnownMajor;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** Lists subscriptions with their use. */
public final class SubscriberList {
  /** A subscription that was not used for this time is dormant. */
  public static final Duration DORMANT_AFTER = UsageEntry.RECENT;

  private SubscriberList() {}

  /**
   * Lists the consumers of a product that the caller may know: all of them for the owner, for
   * others their own domain's.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws InvalidRequestException if the account acts for no domain
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  public static List<ProductConsumer> consumers(
      ClientSession session, @Nullable CharSequence product) {
    return ConsumerSearch.of(session, product);
  }

  /**
   * Lists all consumers of one major of a product, also without a subscription, first the broken
   * ones.
   *
   * @param breaks the changes that break a reader of these columns; of all columns if none are
   *     given
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  public static List<ProductConsumer> affected(
      ClientSession session,
      ProductEntry product,
      int major,
      Function<List<String>, List<ContractDifference.Change>> breaks,
      MeshAction action) {
    return ConsumerSearch.ofMajor(session, product, major, breaks, action);
  }

  /**
   * The domains whose consumption of a domain's products the caller may see: all of them for the
   * owner, for others their own domain.
   */
  public static List<Catalog.Consumer> visibleConsumers(
      ClientSession session, String owner, MeshAction action) {
    Catalog catalog = session.catalog();
    String own = session.authorizer().requireOwnDomain(action).domain();
    return owns(session, owner, action)
        ? catalog.consumers(owner)
        : List.of(new Catalog.Consumer(own, catalog.consumerPartition(own, owner)));
  }

  /**
   * The domains whose links, rules, and derived products the caller may see: these are stored with
   * the domain itself, so all domains for the owner, also those that its catalog does not have as
   * guests.
   *
   * @throws BackendException if the caller is the owner and any catalog is unavailable
   */
  static List<String> visibleDomains(ClientSession session, String owner, MeshAction action) {
    String own = session.authorizer().requireOwnDomain(action).domain();
    return owns(session, owner, action)
        ? session.catalog().domains().stream().map(entry -> entry.domain().name()).toList()
        : List.of(own);
  }

  private static boolean owns(ClientSession session, String owner, MeshAction action) {
    return session
        .catalog()
        .requireDomain(owner, action)
        .domain()
        .accounts()
        .contains(session.principal().account());
  }

  /**
   * One subscription.
   *
   * @param consumer its domain and the partition that the domain writes to
   * @param stored its document
   * @param registered what the document contains
   * @param majorState the state of the major that it reads
   * @param rollout the number of the rollout that replaces that major, replaced it, or amends its
   *     contract; empty if there is none
   * @param columns the columns that it and its filter name, as paths; empty if it reads all of
   *     them, or its filter does not match the contract
   * @param usage what it read; empty if nothing yet
   * @param position its position; empty if none is stored
   * @param readable false if its creator and its last reader lost the right to read
   */
  public record Entry(
      Catalog.Consumer consumer,
      VersionedDocument stored,
      SubscriptionEntry registered,
      MajorState majorState,
      OptionalInt rollout,
      List<String> columns,
      Optional<UsageEntry> usage,
      Optional<PositionEntry> position,
      boolean readable) {
    public Entry {
      columns = List.copyOf(columns);
    }

    /** The consuming domain. */
    public String domain() {
      return consumer.domain();
    }

    /** Its name there. */
    public String name() {
      return registered.name();
    }

    /** What it reads. */
    public SubscriptionTerms terms() {
      return registered.terms();
    }

    /** The consumed product. */
    public ProductName product() {
      return registered.product();
    }

    /** The major version that it reads. */
    public int major() {
      return terms().major();
    }

    /** True if it read a major version before and left it, so that it can move back to it. */
    public boolean hasLeft(int major) {
      return terms().readBefore().contains(major);
    }

    /** True if it was on a later major version before and was moved back. */
    public boolean isMovedBack() {
      return terms().readBefore().stream().anyMatch(earlierMajor -> earlierMajor > major());
    }

    /** The contact for notices. */
    public String contact() {
      return terms().contact();
    }

    /** When it last read or polled rows. */
    public Optional<Instant> lastUsed() {
      return usage.map(UsageEntry::at);
    }

    /** The principal that read with it last; until it reads, the principal that changed it last. */
    public String lastReader() {
      return usage.map(UsageEntry::by).orElseGet(() -> registered.by().toString());
    }

    /**
     * Paths of the columns that it read in the last 90 days; if it did not read, the ones it names;
     * empty if that is all columns.
     */
    public List<String> readColumns() {
      return usage
          .filter(used -> !used.paths().isEmpty())
          .map(UsageEntry::columnPaths)
          .orElse(columns);
    }

    /**
     * Its public form.
     *
     * @param access what it reads through; empty if that was not determined
     * @param breaks the changes that would break it
     */
    public ProductConsumer toConsumer(
        Instant now,
        List<ProductConsumer.AccessPath> access,
        List<ContractDifference.Change> breaks) {
      return toKnownConsumer(now, access, breaks);
    }

    KnownConsumer toKnownConsumer(
        Instant now,
        List<ProductConsumer.AccessPath> access,
        List<ContractDifference.Change> breaks) {
      return new KnownConsumer(
          new KnownConsumer.Identity(
              ProductConsumer.Kind.SUBSCRIPTION,
              domain(),
              Optional.of(name()),
              Optional.empty(),
              Optional.of(terms().purpose()),
              contact()),
          new KnownConsumer.ConsumedVersion(
              product(), major(), majorState.publicState(), Optional.of(terms().majorMode())),
          new KnownConsumer.Use(
              Optional.of(registered.registeredAt()),
              lastUsed(),
              usage.map(UsageEntry::by).flatMap(DependentProducts::principal),
              dormant(now),
              readColumns()),
          access,
          breaks);
    }

    /** True if it was not used, moved, registered, or amended for {@link #DORMANT_AFTER}. */
    public boolean dormant(Instant now) {
      return Stream.of(
              lastUsed(), position.map(PositionEntry::at), IdGenerator.time(stored.version()))
          .flatMap(Optional::stream)
          .max(Comparator.naturalOrder())
          .filter(last -> !last.plus(DORMANT_AFTER).isAfter(now))
          .isPresent();
    }

    /** Its state in the public API. */
    public String state(Instant now) {
      return !readable || majorState.isRetired()
          ? "WITHOUT_ACCESS"
          : dormant(now) ? "DORMANT" : "ACTIVE";
    }

    /** Its full name, {@code domain/name}. */
    public String subscription() {
      return domain() + "/" + name();
    }
  }

  /**
   * The subscriptions of one major of a product. Subscriptions that may no longer read are omitted;
   * their polls fail.
   *
   * @param version the major, with the contract against which filters are parsed
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> of(ClientSession session, ProductName product, VersionEntry version) {
    SubscriberReads reads = new SubscriberReads(session);
    KnownMajor major = KnownMajor.of(version);
    List<Entry> entries = new ArrayList<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      for (VersionedDocument stored :
          session.ledger().list(consumer.partition(), RegistryKeys.subscriptions(product))) {
        if (SubscriptionEntry.major(stored) == version.major()) {
          Entry entry = entry(reads, consumer, stored, SubscriptionEntry.of(stored), major);
          if (entry.readable()) {
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  /**
   * The contacts of the subscriptions of one major of a product that may read it, each once: what
   * others with the same contact read is not looked up. Documents of consumers that are damaged or
   * of a newer format are left out; doctor reports them.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static List<String> contacts(
      ClientSession session, ProductName product, VersionEntry version) {
    SubscriberReads reads = new SubscriberReads(session);
    Set<String> contacts = new LinkedHashSet<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      for (VersionedDocument stored :
          session.ledger().listLenient(consumer.partition(), RegistryKeys.subscriptions(product))) {
        stored
            .readAs(SubscriptionEntry::of)
            .filter(each -> each.terms().major() == version.major())
            .filter(each -> !contacts.contains(each.terms().contact()))
            .filter(
                each -> mayBeRead(reads, version, consumer, each, usage(session, consumer, each)))
            .ifPresent(each -> contacts.add(each.terms().contact()));
      }
    }
    return List.copyOf(contacts);
  }

  /** Empty if nothing was read, or the document is damaged or of a newer format. */
  private static Optional<UsageEntry> usage(
      ClientSession session, Catalog.Consumer consumer, SubscriptionEntry subscription) {
    try {
      return session
          .ledger()
          .readLenient(usageKey(consumer, subscription))
          .flatMap(stored -> stored.readAs(UsageEntry::of));
    } catch (BackendException e) {
      if (e.retryable() || e.errorCode() == ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * All subscriptions to products of a domain, of every major, also if they may read nothing.
   *
   * @param consumers the consumers to search
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> toDomain(
      ClientSession session, String owner, List<Catalog.Consumer> consumers) {
    return all(session, consumers, RegistryKeys.SUBSCRIPTIONS + NameGrammar.storage(owner) + ".");
  }

  /**
   * All subscriptions of a domain to a product, of every major, also if they may read nothing.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> toProduct(
      ClientSession session, ProductName product, Catalog.Consumer consumer) {
    return all(session, List.of(consumer), RegistryKeys.subscriptions(product));
  }

  /**
   * All subscriptions of a domain, in every partition that it writes to as a consumer.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> ofConsumer(ClientSession session, String domain) {
    List<Catalog.Consumer> consumers =
        session.catalog().consumerPartitions(domain).stream()
            .map(partition -> new Catalog.Consumer(domain, partition))
            .toList();
    return all(session, consumers, RegistryKeys.SUBSCRIPTIONS);
  }

  /**
   * Lists the products of the mesh that a domain read, with a subscription or without one.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<ProductName> readBy(ClientSession session, String domain) {
    return session.catalog().consumerPartitions(domain).stream()
        .flatMap(
            partition -> session.ledger().listLenient(partition, UnloggedDocuments.USAGE).stream())
        .flatMap(stored -> stored.readAs(UsageEntry::of).stream())
        .map(UsageEntry::product)
        .distinct()
        .filter(product -> session.catalog().findProduct(product).isPresent())
        .toList();
  }

  static List<Entry> all(
      ClientSession session, List<Catalog.Consumer> consumers, String sortPrefix) {
    SubscriberReads reads = new SubscriberReads(session);
    List<Entry> entries = new ArrayList<>();
    for (Catalog.Consumer consumer : consumers) {
      for (VersionedDocument stored : session.ledger().list(consumer.partition(), sortPrefix)) {
        entries.add(entry(reads, consumer, stored));
      }
    }
    entries.sort(
        Comparator.comparing((Entry entry) -> entry.product().toString())
            .thenComparing(Entry::subscription));
    return entries;
  }

  /**
   * One subscription.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static Entry entry(
      ClientSession session, Catalog.Consumer consumer, VersionedDocument stored) {
    return entry(new SubscriberReads(session), consumer, stored);
  }

  private static Entry entry(
      SubscriberReads reads, Catalog.Consumer consumer, VersionedDocument stored) {
    SubscriptionEntry registered = SubscriptionEntry.of(stored);
    return entry(
        reads,
        consumer,
        stored,
        registered,
        reads.major(registered.product(), registered.terms().major()));
  }

  private static Entry entry(
      SubscriberReads reads,
      Catalog.Consumer consumer,
      VersionedDocument stored,
      SubscriptionEntry registered,
      KnownMajor major) {
    ProductName product = registered.product();
    String name = registered.name();
    Optional<UsageEntry> usage =
        reads.usage(consumer.partition(), product, name, registered.terms().major());
    return new Entry(
        consumer,
        stored,
        registered,
        major.version().state(),
        major.version().rollout(),
        columns(registered.terms(), major.columns()),
        usage,
        reads.position(consumer.partition(), product, name),
        mayBeRead(reads, major.version(), consumer, registered, usage));
  }

  /** True if the creator or a recent reader may read. */
  private static boolean mayBeRead(
      SubscriberReads reads,
      VersionEntry version,
      Catalog.Consumer consumer,
      SubscriptionEntry subscription,
      Optional<UsageEntry> usage) {
    ProductName product = subscription.product();
    return consumer.domain().equals(product.domain())
        || Stream.concat(
                Stream.of(subscription.by()),
                usage.stream()
                    .flatMap(each -> each.readers().keySet().stream())
                    .flatMap(name -> DependentProducts.principal(name).stream()))
            .anyMatch(principal -> reads.mayRead(principal, product, version));
  }

  private static Registry.Key usageKey(Catalog.Consumer consumer, SubscriptionEntry subscription) {
    return RegistryKeys.usage(
        consumer.partition(),
        subscription.product(),
        subscription.name(),
        subscription.terms().major());
  }

  private static List<String> columns(SubscriptionTerms terms, Schema table) {
    Set<String> columns = new LinkedHashSet<>(terms.columns());
    if (columns.isEmpty() || terms.where().isEmpty()) {
      return List.copyOf(columns);
    }
    try {
      columns.addAll(RowPredicate.parse(terms.where().get(), table).columns());
    } catch (InvalidRequestException e) {
      return List.of();
    }
    return List.copyOf(columns);
  }
}
