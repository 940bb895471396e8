package io.meshwork.internal.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.discovery.VisibleUses.KnownUse;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A use of a product as the caller may know it. Immutable.
 *
 * @param use the use
 * @param used the product
 * @param state the state of the major version that is used
 * @param now the time of the question
 */
record DomainUse(KnownUse use, IndexedProduct used, MajorVersion.State state, Instant now)
    implements ProductConsumer {
  /** Completes a use with the state of its major version, which the index may not have. */
  static DomainUse of(ClientSession session, KnownUse use, IndexedProduct used, Instant now) {
    int major = use.details().map(ConsumerUse::major).orElse(used.indexEntry().major());
    return new DomainUse(
        use,
        used,
        used.state(major)
            .or(() -> session.catalog().majorState(use.product(), major))
            .map(MajorState::publicState)
            .orElse(MajorVersion.State.PURGED),
        now);
  }

  @Override
  public Kind kind() {
    return use.details().map(ConsumerUse::kind).orElse(Kind.DOMAIN);
  }

  @Override
  public String name() {
    return use.domain() + subscription().map(name -> "/" + name).orElse("");
  }

  @Override
  public String domain() {
    return use.domain();
  }

  @Override
  public Optional<String> subscription() {
    return use.details().flatMap(ConsumerUse::subscriptionName);
  }

  @Override
  public Optional<ProductName> dependent() {
    return Optional.empty();
  }

  @Override
  public ProductName product() {
    return use.product();
  }

  @Override
  public int major() {
    return use.details().map(ConsumerUse::major).orElse(used.indexEntry().major());
  }

  @Override
  public MajorVersion.State majorState() {
    return state;
  }

  @Override
  public Optional<MajorMode> majorMode() {
    return use.details().flatMap(ConsumerUse::majorMode);
  }

  @Override
  public Optional<String> purpose() {
    return use.details().flatMap(ConsumerUse::purpose);
  }

  @Override
  public String contact() {
    return use.contact();
  }

  @Override
  public Optional<Instant> since() {
    return use.details().flatMap(ConsumerUse::since);
  }

  @Override
  public Optional<Instant> lastUsed() {
    return use.details().flatMap(ConsumerUse::usage).map(UsageEntry::at);
  }

  @Override
  public Optional<Principal> lastUsedBy() {
    return use.details().flatMap(ConsumerUse::usage).map(UsageEntry::by).map(DomainUse::principal);
  }

  private static Principal principal(String text) {
    String[] parts = text.split("/", 2);
    return Principal.of(parts[0], parts[parts.length - 1]);
  }

  @Override
  public boolean isDormant() {
    return use.details()
        .filter(consumer -> consumer.link().isEmpty())
        .filter(consumer -> !consumer.isReadSince(now.minus(UsageEntry.RECENT)))
        .filter(
            consumer ->
                consumer.since().filter(at -> at.isAfter(now.minus(UsageEntry.RECENT))).isEmpty())
        .isPresent();
  }

  @Override
  public List<String> columns() {
    return use.details().map(ConsumerUse::columns).orElse(List.of());
  }

  @Override
  public List<AccessPath> access() {
    return use.details()
        .flatMap(ConsumerUse::link)
        .map(link -> List.of(new AccessPath(AccessPath.Kind.LINK, link)))
        .orElse(List.of());
  }

  @Override
  public List<ContractDifference.Change> breaks() {
    return List.of();
  }

  /** The use in one line, with nothing that the caller may not know. */
  @Override
  public String toString() {
    return name()
        + "  "
        + kind().name().toLowerCase(Locale.ROOT)
        + " of "
        + product()
        + " v"
        + major()
        + lastUsed().map(at -> ", last used " + at).orElse("")
        + "  contact "
        + contact();
  }
}
