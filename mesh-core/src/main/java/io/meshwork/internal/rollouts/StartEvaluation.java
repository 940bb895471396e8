package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.NewMajor;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.operation.Plan.Step;
import io.meshwork.rollout.RolloutPlan.MissingRight;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The evaluation of a rollout that is to start, and the state that it is based on. Immutable.
 *
 * @param current the major version that is replaced
 * @param next the new major version; empty if the contract is amended
 * @param rollout the rollout as a commit stores it
 * @param terms what the caller specified
 */
record StartEvaluation(
    DomainEntry domain,
    ProductEntry product,
    VersionEntry current,
    Optional<NewMajor> next,
    RolloutEntry rollout,
    StartTerms terms,
    ContractDifference difference,
    Impact impact,
    LocalDate earliestRetirement,
    List<Finding> findings) {
  StartEvaluation {
    findings = List.copyOf(findings);
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

  /** The errors, for which the rollout is rejected. */
  List<Finding> errors() {
    return Finding.errors(findings);
  }

  /** What a commit does; nothing if the rollout is rejected. */
  List<Step> steps() {
    if (!errors().isEmpty()) {
      return List.of();
    }
    String version = product.name() + " " + rollout.version();
    String undo = "rollout(\"" + product.name() + "\").abort(..)";
    Stream<Step> change =
        next.map(to -> steps(to, version, undo))
            .orElseGet(
                () ->
                    Stream.of(
                        new Step(
                            "prepare",
                            version,
                            rollout.amendment()
                                + "; nothing changes before announce(), and the contract does not"
                                + " before retire()",
                            undo)));
    return Stream.concat(
            change,
            terms.suggestions().stream()
                .map(
                    id -> new Step("accept", "suggestion " + id, "delivered by the rollout", undo)))
        .toList();
  }

  private Stream<Step> steps(NewMajor to, String version, String undo) {
    return Stream.of(
        new Step(
            "create table",
            to.table().toString(),
            "of format "
                + to.tableFormat()
                + ", with "
                + to.schema().columns().size()
                + " columns; and its quarantine",
            undo),
        new Step(
            "prepare",
            version,
            "for its owner to read; " + current.version() + " does not change",
            ""));
  }

  /** Hash of the plan, without the times at which consumers read and without the current day. */
  String fingerprint() {
    return RegistryKeys.sha256(
        String.join(
            "\n",
            rollout.product().toString(),
            rollout.number() + " " + rollout.from() + " " + rollout.newMajor(),
            current.contract().fingerprint(),
            terms.contract().fingerprint(),
            next.map(NewMajor::partitioning).toString(),
            terms.renamings().toString(),
            terms.because(),
            terms.retireAfter().toString(),
            terms.leftOut().toString(),
            terms.withoutHistory().toString(),
            terms.suggestions().toString(),
            findings.toString(),
            impact.consumers().stream()
                .filter(consumer -> consumer.kind() == ProductConsumer.Kind.SUBSCRIPTION)
                .sorted(Comparator.comparing(ProductConsumer::name))
                .map(consumer -> consumer.name() + consumer.breaks())
                .collect(Collectors.joining(";"))));
  }
}
