package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.StoredConstant;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides which rollouts of a product a caller sees, and so which major versions: all of them as
 * its owner or a steward of the mesh; others once the rollout was announced or its new major
 * version was opened, and always from then on. Thread-safe.
 *
 * @param seesAll true for products of which the caller sees all rollouts
 */
record VisibleRollouts(Ledger ledger, Predicate<ProductName> seesAll) {
  private static final List<String> PUBLISHED_AT = List.of("announcedAt", "openedAt", "closedAt");

  /** Sees all rollouts. */
  static VisibleRollouts all(Ledger ledger) {
    return new VisibleRollouts(ledger, product -> true);
  }

  /** Returns true if the caller sees a rollout of a product. */
  boolean includes(ProductName product, VersionedDocument rollout) {
    return isKnown(rollout) || seesAll.test(product);
  }

  /** Returns true if the caller sees a major version of a product, if it has that one. */
  boolean includes(ProductName product, int major) {
    return !hiddenMajors(product).contains(major);
  }

  /** Returns the new major versions of the rollouts that the caller does not see. */
  Set<Integer> hiddenMajors(ProductName product) {
    Set<Integer> hidden =
        ledger.list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
            .filter(rollout -> !isKnown(rollout))
            .map(rollout -> rollout.json().path("newMajor").asInt())
            .filter(major -> major > 0)
            .collect(Collectors.toUnmodifiableSet());
    return hidden.isEmpty() || seesAll.test(product) ? Set.of() : hidden;
  }

  private static boolean isKnown(VersionedDocument rollout) {
    ObjectNode json = rollout.json();
    return PUBLISHED_AT.stream().anyMatch(json::has)
        || switch (StoredConstant.of(State.class, json.path("state").asText(), "a rollout")) {
          case PARALLEL, CLOSING, RETIRED, AMENDED -> true;
          case PLANNED, ANNOUNCED, ABORTED -> false;
        };
  }
}
