package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.ProductConsumer;
import io.meshwork.card.ProductConsumer.MajorMode;
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
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.SubscriberReads.KnownMajor;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

  /** The field of a subscription's document with the mode of its major, in lower case. */
  public static final String MAJOR_MODE = "majorMode";

  /** The field of a subscription's document with the time of its registration. */
  public static final String REGISTERED_AT = "registeredAt";

  /** The field of a subscription's document with the reason to read a deprecated major. */
  public static final String DESPITE_ROLLOUT = "despiteRollout";

  /** The field of a subscription with the major versions that it read and left. */
  public static final String READ_BEFORE = "readBefore";

  private SubscriberList() {}

  /**
   * Lists the consumers of a product that the caller may know: all of them for the owner, for
   * others those of their own domain.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product
   * @throws InvalidRequestException if the account acts for no domain
   * @throws io.meshwork.error.BackendException if a catalog cannot be read
   */
  public static List<ProductConsumer> consumers(
      ClientSession session, @Nullable CharSequence product) {
    return ConsumerSearch.of(session, product);
  }

  /**
   * Lists all consumers of one major of a product, also those without a subscription, first those
   * that changes break.
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
    boolean owns =
        catalog
            .requireDomain(owner, action)
            .domain()
            .accounts()
            .contains(session.principal().account());
    return owns
        ? catalog.consumers(owner)
        : List.of(new Catalog.Consumer(own, catalog.consumerPartition(own, owner)));
  }

  /**
   * One subscription.
   *
   * @param consumer its domain and the partition that the domain writes to
   * @param stored its document
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
      return stored.json().path("name").asText();
    }

    /** The consumed product. */
    public ProductName product() {
      return productOf(stored);
    }

    /** The major version that it reads. */
    public int major() {
      return stored.json().path("major").asInt();
    }

    /** True if it read a major version before and left it, so that it can move back to it. */
    public boolean hasLeft(int major) {
      for (JsonNode left : stored.json().path(READ_BEFORE)) {
        if (left.asInt() == major) {
          return true;
        }
      }
      return false;
    }

    /** True if it was on a later major version before and was moved back. */
    public boolean isMovedBack() {
      for (JsonNode left : stored.json().path(READ_BEFORE)) {
        if (left.asInt() > major()) {
          return true;
        }
      }
      return false;
    }

    /** How it chose that version; empty for an old document. */
    public Optional<MajorMode> majorMode() {
      return Optional.ofNullable(stored.json().path(MAJOR_MODE).textValue())
          .map(mode -> MajorMode.valueOf(mode.toUpperCase(Locale.ROOT)));
    }

    /** The contact for notices. */
    public String contact() {
      return stored.json().path("contact").asText();
    }

    /** When it last read or polled rows. */
    public Optional<Instant> lastUsed() {
      return usage.map(UsageEntry::at);
    }

    /** When it was registered; for an old document, when it was first used, if ever. */
    public Optional<Instant> since() {
      return Optional.ofNullable(stored.json().path(REGISTERED_AT).textValue())
          .map(Instant::parse)
          .or(() -> usage.map(UsageEntry::first));
    }

    /**
     * Paths of the columns that it read in the last 90 days; if it did not read, of those that it
     * names; empty if that is all columns.
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
              Optional.of(stored.json().path("purpose").asText()),
              contact()),
          new KnownConsumer.ConsumedVersion(
              product(), major(), majorState.publicState(), majorMode()),
          new KnownConsumer.Use(
              since(),
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
   * The subscriptions of one major of a product. Those that may no longer read are omitted; their
   * polls fail.
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
        if (stored.json().path("major").asInt() == version.major()) {
          Entry entry = entry(reads, consumer, stored, major);
          if (entry.readable()) {
            entries.add(entry);
          }
        }
      }
    }
    return entries;
  }

  /**
   * The contacts of the subscriptions of one major of a product that may read it. Documents of
   * consumers that are damaged or of a newer format are left out; doctor reports them.
   *
   * @throws BackendException if the registry cannot be read
   */
  public static List<String> contacts(
      ClientSession session, ProductName product, VersionEntry version) {
    SubscriberReads reads = new SubscriberReads(session);
    List<String> contacts = new ArrayList<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      for (VersionedDocument stored :
          session.ledger().listLenient(consumer.partition(), RegistryKeys.subscriptions(product))) {
        if (stored.json().path("major").asInt() == version.major()
            && stored.json().hasNonNull("contact")
            && mayBeRead(
                reads, product, version, consumer, stored, usage(session, consumer, stored))) {
          contacts.add(stored.json().path("contact").asText());
        }
      }
    }
    return contacts;
  }

  /** Empty if nothing was read, or the document is damaged or of a newer format. */
  private static Optional<UsageEntry> usage(
      ClientSession session, Catalog.Consumer consumer, VersionedDocument subscription) {
    try {
      return session
          .ledger()
          .readLenient(usageKey(consumer, subscription))
          .filter(stored -> !stored.isUnreadable())
          .flatMap(stored -> stored.readAs(UsageEntry::of));
    } catch (BackendException e) {
      if (e.retryable() || e.errorCode() == ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * All subscriptions to products of a domain, of every major, including those that may read
   * nothing.
   *
   * @param consumers the consumers to search
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> toDomain(
      ClientSession session, String owner, List<Catalog.Consumer> consumers) {
    return all(session, consumers, RegistryKeys.SUBSCRIPTIONS + NameGrammar.storage(owner) + ".");
  }

  /**
   * All subscriptions of a domain to a product, of every major, including those that may read
   * nothing.
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
    return entry(
        reads,
        consumer,
        stored,
        reads.major(productOf(stored), stored.json().path("major").asInt()));
  }

  private static Entry entry(
      SubscriberReads reads,
      Catalog.Consumer consumer,
      VersionedDocument stored,
      KnownMajor major) {
    ProductName product = productOf(stored);
    String name = stored.json().path("name").asText();
    Optional<UsageEntry> usage =
        reads.usage(consumer.partition(), product, name, stored.json().path("major").asInt());
    return new Entry(
        consumer,
        stored,
        major.version().state(),
        major.version().rollout(),
        columns(stored, major.columns()),
        usage,
        reads.position(consumer.partition(), product, name),
        mayBeRead(reads, product, major.version(), consumer, stored, usage));
  }

  /** True if the creator or a recent reader may read, or an old document names no creator. */
  private static boolean mayBeRead(
      SubscriberReads reads,
      ProductName product,
      VersionEntry version,
      Catalog.Consumer consumer,
      VersionedDocument subscription,
      Optional<UsageEntry> usage) {
    String creator = subscription.json().path("by").asText();
    return creator.isEmpty()
        || consumer.domain().equals(product.domain())
        || Stream.concat(
                Stream.of(creator),
                usage.stream().flatMap(each -> each.readers().keySet().stream()))
            .flatMap(name -> DependentProducts.principal(name).stream())
            .anyMatch(principal -> reads.mayRead(principal, product, version));
  }

  private static Registry.Key usageKey(Catalog.Consumer consumer, VersionedDocument subscription) {
    return RegistryKeys.usage(
        consumer.partition(),
        productOf(subscription),
        subscription.json().path("name").asText(),
        subscription.json().path("major").asInt());
  }

  private static ProductName productOf(VersionedDocument subscription) {
    return ProductName.of(subscription.json().path("product").asText());
  }

  private static List<String> columns(VersionedDocument stored, Schema table) {
    Set<String> columns = new LinkedHashSet<>();
    stored.json().path("columns").forEach(column -> columns.add(column.asText()));
    String filter = stored.json().path("where").asText(null);
    if (columns.isEmpty() || filter == null) {
      return List.copyOf(columns);
    }
    try {
      columns.addAll(RowPredicate.parse(filter, table).columns());
    } catch (InvalidRequestException e) {
      return List.of();
    }
    return List.copyOf(columns);
  }
}
