package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The terms of a contract that rollouts amend. A program that defines the product with the contract
 * from before an amendment does not undo it, and one with the announced contract does not apply it
 * early. Immutable.
 */
record AnnouncedTerms(ClientSession session, ProductName product) {
  /** The rollouts that amend the contract of a major version, by number. */
  private List<RolloutEntry> rollouts(int major) {
    return session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .filter(rollout -> rollout.from() == major && rollout.amendsContract())
        .sorted(Comparator.comparing(RolloutEntry::number))
        .toList();
  }

  /** The requested contract with the current terms where only a rollout explains another value. */
  Contract withRetained(VersionEntry current, Contract requested) {
    return differ(current.contract(), requested)
        ? RolloutEntry.retainTerms(rollouts(current.major()), current.contract(), requested)
        : requested;
  }

  List<Finding> retained(VersionEntry current, Contract requested) {
    if (withRetained(current, requested).equals(requested)) {
      return List.of();
    }
    return List.of(
        new Finding(
            FindingCode.TERMS_RETAINED,
            Finding.Severity.WARNING,
            product.toString(),
            "The contract has terms of before or after an amendment that was announced to the"
                + " consumers; version "
                + current.version()
                + " keeps its own.",
            0,
            List.of(),
            "See termsAmendment(\""
                + product
                + "\"). To promise more again, call amendContract(..)."));
  }

  /** The rollout that has not ended and amends the contract of a major version. */
  Optional<RolloutEntry> open(int major) {
    return rollouts(major).stream().filter(rollout -> !rollout.state().isEnded()).findFirst();
  }

  /** The rollouts are read only if the terms that they amend differ. */
  private static boolean differ(Contract current, Contract requested) {
    return !current.serviceLevel().equals(requested.serviceLevel())
        || !current.purposes().equals(requested.purposes())
        || !current.price().equals(requested.price())
        || !current.noticePeriod().equals(requested.noticePeriod());
  }
}
