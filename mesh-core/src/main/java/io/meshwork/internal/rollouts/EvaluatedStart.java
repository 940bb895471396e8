package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.NewMajor;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollouts.ReaderRights.MissingRight;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The state that the plan of a rollout, or of an amendment, is based on. Immutable.
 *
 * @param current the major version that is replaced, or whose contract is amended
 * @param next the new major version; empty if the contract is amended
 * @param rollout the rollout as a commit stores it
 * @param terms what the caller specified
 * @param decisive the findings that decide whether it is allowed
 */
record EvaluatedStart(
    DomainEntry domain,
    ProductEntry entry,
    VersionEntry current,
    Optional<NewMajor> next,
    RolloutEntry rollout,
    StartTerms terms,
    ContractDifference difference,
    Impact impact,
    LocalDate earliestRetirement,
    List<Finding> decisive) {
  EvaluatedStart {
    decisive = List.copyOf(decisive);
  }

  /**
   * Whom the rollout affects. Immutable.
   *
   * @param downstream the products that depend on it; none if they were not read
   * @param bytesTwice the bytes of the history that both major versions hold
   */
  record Impact(
      List<ProductConsumer> consumers,
      DownstreamProducts downstream,
      List<MissingRight> missingRights,
      long bytesTwice) {
    Impact {
      consumers = List.copyOf(consumers);
      missingRights = List.copyOf(missingRights);
    }
  }
}
