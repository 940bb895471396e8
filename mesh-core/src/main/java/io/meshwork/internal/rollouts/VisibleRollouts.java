package io.meshwork.internal.rollouts;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides which rollouts of a product a caller sees: all of them as its owner or a steward of the
 * mesh; others once the rollout was announced or its new major version was opened. Stateless.
 */
final class VisibleRollouts {
  private VisibleRollouts() {}

  /** The rollouts of a product that the caller sees, by number. */
  static List<StoredRollout> of(ClientSession session, ProductName product) {
    List<StoredRollout> all = StoredRollout.all(session.ledger(), product);
    return all.stream().allMatch(each -> isKnown(each.entry())) || seesAll(session, product)
        ? all
        : all.stream().filter(each -> isKnown(each.entry())).toList();
  }

  /** The rollouts of a product that the caller does not see. */
  static List<RolloutEntry> hidden(ClientSession session, ProductName product) {
    List<RolloutEntry> unknown =
        StoredRollout.all(session.ledger(), product).stream()
            .map(StoredRollout::entry)
            .filter(Predicate.not(VisibleRollouts::isKnown))
            .toList();
    return unknown.isEmpty() || seesAll(session, product) ? List.of() : unknown;
  }

  /** Returns true if the caller is the owner or a steward, and so sees planned rollouts. */
  static boolean seesAll(ClientSession session, ProductName product) {
    return session
            .catalog()
            .findAccount(session.principal().account())
            .filter(account -> account.domain().equals(product.domain()))
            .isPresent()
        || session.ledger().read(RegistryKeys.steward(session.principal())).isPresent();
  }

  private static boolean isKnown(RolloutEntry rollout) {
    return rollout.dates().announcedAt().isPresent()
        || switch (rollout.state()) {
          case PARALLEL, CLOSING, RETIRED, AMENDED -> true;
          case PLANNED, ANNOUNCED, ABORTED -> false;
        };
  }
}
