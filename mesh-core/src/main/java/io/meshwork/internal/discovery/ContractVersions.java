package io.meshwork.internal.discovery;

import io.meshwork.card.ProductCard.ContractChanges;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.discovery.ContractHistory.Version;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the contract versions of a product. Stateless. */
final class ContractVersions {
  private static final String CONTRACTS = "contract/";
  private static final Duration YEAR = Duration.ofDays(365);

  private ContractVersions() {}

  static ContractHistory of(ClientSession session, ProductName product) {
    List<Integer> visible = session.catalog().visibleMajors(product);
    Map<ContractVersion, VersionedDocument> documents = new TreeMap<>();
    for (VersionedDocument stored :
        session.ledger().list(RegistryKeys.partition(product), CONTRACTS)) {
      ContractVersion version = ContractVersion.parse(stored.json().path("version").asText());
      if (visible.contains(version.major())) {
        documents.put(version, stored);
      }
    }
    List<Version> versions = new ArrayList<>();
    Optional<Contract> before = Optional.empty();
    for (Map.Entry<ContractVersion, VersionedDocument> each : documents.entrySet()) {
      Contract contract = VersionEntry.contract(each.getValue());
      Optional<ContractDifference> difference = before.map(old -> old.differenceTo(contract));
      versions.add(
          0,
          new Version(
              each.getKey(),
              IdGenerator.time(each.getValue().version()),
              difference.map(ContractDifference::verdict).orElse(ContractVersion.Verdict.NONE),
              difference));
      before = Optional.of(contract);
    }
    return new ContractHistory(product, versions);
  }

  /** Counts the changes of the last 12 months. */
  static ContractChanges changes(ContractHistory history, Instant now) {
    Instant since = now.minus(YEAR);
    return new ContractChanges(
        history.changesSince(since),
        history.breakingSince(since),
        history.versions().stream()
            .filter(version -> version.difference().isPresent())
            .findFirst()
            .flatMap(Version::at));
  }
}
