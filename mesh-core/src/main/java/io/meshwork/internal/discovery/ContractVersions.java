package io.meshwork.internal.discovery;

import io.meshwork.contract.ContractDifference;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.discovery.ContractHistory.Version;
import io.meshwork.internal.catalog.Catalog.RecordedContract;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the contract versions of a product. Stateless. */
final class ContractVersions {
  private ContractVersions() {}

  static ContractHistory of(ClientSession session, ProductName product) {
    List<Version> versions = new ArrayList<>();
    List<RecordedContract> earlier = new ArrayList<>();
    for (RecordedContract recorded : session.catalog().contracts(product)) {
      Optional<ContractDifference> difference =
          replaced(session, product, earlier, recorded)
              .map(before -> ConsumerImpact.difference(before, recorded));
      versions.add(
          0,
          new Version(
              recorded.version(),
              at(recorded),
              difference.map(ContractDifference::verdict).orElse(ContractVersion.Verdict.NONE),
              difference));
      earlier.add(recorded);
    }
    return new ContractHistory(product, versions);
  }

  /**
   * Returns the version that another one replaced: of a new major version, the version that was
   * current when its rollout began, whatever was amended or withdrawn since.
   */
  private static Optional<RecordedContract> replaced(
      ClientSession session,
      ProductName product,
      List<RecordedContract> earlier,
      RecordedContract next) {
    int major = next.version().major();
    boolean first = earlier.stream().noneMatch(each -> each.version().major() == major);
    return (first ? rolloutTo(session, product, major) : Optional.<RolloutEntry>empty())
        .flatMap(
            rollout ->
                earlier.stream()
                    .filter(each -> each.version().major() == rollout.from())
                    .filter(each -> !isAfter(at(each), at(next)))
                    .reduce((one, later) -> later))
        .or(() -> earlier.stream().reduce((one, later) -> later));
  }

  private static Optional<RolloutEntry> rolloutTo(
      ClientSession session, ProductName product, int major) {
    return session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .filter(rollout -> rollout.leadsTo(major))
        .findFirst();
  }

  private static Optional<Instant> at(RecordedContract contract) {
    return IdGenerator.time(contract.stored().version());
  }

  private static boolean isAfter(Optional<Instant> one, Optional<Instant> other) {
    return one.isPresent() && other.isPresent() && one.get().isAfter(other.get());
  }
}
