package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductConsumer;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.operation.Plan.Step;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The evaluation of the end of a product, and the state that it is based on. Immutable.
 *
 * @param current the last major version
 * @param rollout the rollout as a commit stores it
 * @param fixedDate true if the caller named the last day
 * @param consumers those that lose the product; empty if they were not read
 * @param downstream the products that depend on it
 */
record EndEvaluation(
    DomainEntry domain,
    ProductEntry product,
    VersionEntry current,
    RolloutEntry rollout,
    boolean fixedDate,
    List<ProductConsumer> consumers,
    DownstreamProducts downstream,
    LocalDate earliestRetirement,
    List<Finding> findings) {
  EndEvaluation {
    consumers = List.copyOf(consumers);
    findings = List.copyOf(findings);
  }

  /** The errors, for which the end is rejected. */
  List<Finding> errors() {
    return Finding.errors(findings);
  }

  /** What a commit does; nothing if the end is rejected. */
  List<Step> steps() {
    return errors().isEmpty()
        ? List.of(
            new Step(
                "prepare the end",
                product.name() + " " + current.version(),
                "nothing changes for its consumers before announce()",
                "rollout(\"" + product.name() + "\").abort(..)"))
        : List.of();
  }

  /** Hash of the plan, without the times at which consumers read and without the current day. */
  String fingerprint() {
    return RegistryKeys.sha256(
        String.join(
            "\n",
            rollout.product().toString(),
            rollout.number() + " " + rollout.from() + " " + rollout.successor(),
            current.contract().fingerprint(),
            rollout.because(),
            fixedDate ? rollout.retireAfter().toString() : "",
            findings.toString(),
            consumers.stream()
                .filter(consumer -> consumer.kind() == ProductConsumer.Kind.SUBSCRIPTION)
                .sorted(Comparator.comparing(ProductConsumer::name))
                .map(ProductConsumer::name)
                .collect(Collectors.joining(";"))));
  }
}
