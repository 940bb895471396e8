package io.meshwork.discovery;

import io.meshwork.contract.ContractDifference;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The contract versions of a product that the caller sees. Immutable.
 *
 * @param product the product
 * @param versions newest first
 */
public record ContractHistory(ProductName product, List<Version> versions) {
  public ContractHistory {
    versions = List.copyOf(versions);
  }

  /**
   * One contract version.
   *
   * @param version its number
   * @param at when it was committed; empty if that is unknown
   * @param verdict what the change required; {@code NONE} for the first version
   * @param difference the changes from the version before; empty for the first version
   */
  public record Version(
      ContractVersion version,
      Optional<Instant> at,
      ContractVersion.Verdict verdict,
      Optional<ContractDifference> difference) {}

  /** Returns the number of changes since a time, without the first version. */
  public int changesSince(Instant time) {
    return (int) versions.stream().filter(version -> isChangeSince(version, time)).count();
  }

  /** Returns the number of breaking changes, which are new major versions, since a time. */
  public int breakingSince(Instant time) {
    return (int)
        versions.stream()
            .filter(version -> isChangeSince(version, time))
            .filter(version -> version.version().minor() == 0 && version.version().patch() == 0)
            .count();
  }

  private static boolean isChangeSince(Version version, Instant time) {
    return version.difference().isPresent()
        && version.at().filter(at -> !at.isBefore(time)).isPresent();
  }
}
