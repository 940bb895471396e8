package io.meshwork.internal.rollout.retirement;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import java.util.Optional;

/**
 * Undoes that a retirement or an abort ended the time in which each change is in both major
 * versions: no row changed since. Stateless.
 */
final class ResumedDualPublishing {
  private ResumedDualPublishing() {}

  /**
   * The rollout with its last synchronized positions, if they ended with such an event.
   *
   * @param event the retirement or the abort that is undone
   */
  static RolloutEntry of(Ledger ledger, RolloutEntry rollout, String event) {
    boolean ended =
        rollout.differences().until().stream()
            .mapToObj(entry -> ledger.entry(RegistryKeys.partition(rollout.product()), entry))
            .flatMap(Optional::stream)
            .anyMatch(entry -> isOf(entry, rollout, event));
    return ended ? rollout.withResumedPositions() : rollout;
  }

  private static boolean isOf(VersionedDocument entry, RolloutEntry rollout, String event) {
    return entry.json().path("event").asText().equals(event)
        && entry.json().path("details").path("rollout").asInt() == rollout.number();
  }
}
