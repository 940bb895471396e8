package io.meshwork.internal.consumers;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A consumer of a product as it was found in the registry. Immutable.
 *
 * @param identity who it is
 * @param version what it consumes
 * @param use when it consumed which columns
 */
record KnownConsumer(
    Identity identity,
    ConsumedVersion version,
    Use use,
    List<AccessPath> access,
    List<ContractDifference.Change> breaks)
    implements ProductConsumer {
  KnownConsumer {
    access = List.copyOf(access);
    breaks = List.copyOf(breaks);
  }

  /** Who consumes; see {@link ProductConsumer}. */
  record Identity(
      Kind kind,
      String domain,
      Optional<String> subscription,
      Optional<ProductName> dependent,
      Optional<String> purpose,
      String contact) {}

  /** The consumed version; see {@link ProductConsumer}. */
  record ConsumedVersion(
      ProductName product, int major, MajorVersion.State state, Optional<MajorMode> mode) {}

  /** The use; see {@link ProductConsumer}. */
  record Use(
      Optional<Instant> since,
      Optional<Instant> last,
      Optional<Principal> by,
      boolean dormant,
      List<String> columns) {
    Use {
      columns = List.copyOf(columns);
    }
  }

  /** The same with the changes that would break it. */
  KnownConsumer brokenBy(List<ContractDifference.Change> changes) {
    return new KnownConsumer(identity, version, use, access, changes);
  }

  @Override
  public Kind kind() {
    return identity.kind();
  }

  @Override
  public String name() {
    return identity
        .dependent()
        .map(ProductName::toString)
        .orElseGet(
            () -> identity.domain() + identity.subscription().map(name -> "/" + name).orElse(""));
  }

  @Override
  public String domain() {
    return identity.domain();
  }

  @Override
  public Optional<String> subscription() {
    return identity.subscription();
  }

  @Override
  public Optional<ProductName> dependent() {
    return identity.dependent();
  }

  @Override
  public ProductName product() {
    return version.product();
  }

  @Override
  public int major() {
    return version.major();
  }

  @Override
  public MajorVersion.State majorState() {
    return version.state();
  }

  @Override
  public Optional<MajorMode> majorMode() {
    return version.mode();
  }

  @Override
  public Optional<String> purpose() {
    return identity.purpose();
  }

  @Override
  public String contact() {
    return identity.contact();
  }

  @Override
  public Optional<Instant> since() {
    return use.since();
  }

  @Override
  public Optional<Instant> lastUsed() {
    return use.last();
  }

  @Override
  public Optional<Principal> lastUsedBy() {
    return use.by();
  }

  @Override
  public boolean isDormant() {
    return use.dormant();
  }

  @Override
  public List<String> columns() {
    return use.columns();
  }

  /** Returns the consumer as one line. */
  @Override
  public String toString() {
    return name()
        + "  "
        + kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + " of v"
        + major()
        + version.mode().map(mode -> " (" + mode.name().toLowerCase(Locale.ROOT) + ")").orElse("")
        + "  columns "
        + (columns().isEmpty() ? "all" : String.join(", ", columns()))
        + lastUsed().map(at -> ", last used " + at).orElse(", never used")
        + (isDormant() ? ", DORMANT" : "")
        + access.stream()
            .map(AccessPath::toString)
            .collect(Collectors.collectingAndThen(Collectors.joining(", "), KnownConsumer::paths))
        + "  contact "
        + contact();
  }

  private static String paths(String joined) {
    return joined.isEmpty() ? "" : "  through " + joined;
  }
}
