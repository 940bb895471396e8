package io.meshwork.internal.rollouts;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.List;

/**
 * Decides which rollouts of a product a caller sees: all of them as its owner or a steward of the
 * mesh; others once the rollout was announced or its new major version was opened. Stateless.
 */
final class VisibleRollouts {
  private VisibleRollouts() {}

  /** The rollouts of a product that the caller sees, by number. */
  static List<StoredRollout> of(ClientSession session, ProductName product) {
    return of(session, product, StoredRollout.all(session.ledger(), product));
  }

  /**
   * Those of the rollouts of a product that the caller sees.
   *
   * @param all all of them
   */
  static List<StoredRollout> of(
      ClientSession session, ProductName product, List<StoredRollout> all) {
    List<StoredRollout> known = all.stream().filter(each -> isKnown(each.entry())).toList();
    return known.size() == all.size() || seesAll(session, product) ? all : known;
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
