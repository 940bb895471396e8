package io.meshwork.internal.rollouts;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.MovedTables;
import io.meshwork.internal.session.MovedTables.MovedTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether the log has a change of rows after the retirement of a rollout's old major version. An
 * erase from both major versions is none, nor is maintenance. By the order of the log, so that no
 * clock matters. Stateless.
 */
final class RowsSinceRetirement {
  private static final String RETIRED = "rollout.retired";
  private static final Set<String> ROW_CHANGES =
      Set.of(
          "product.published",
          "product.rolled-back",
          "product.back-filled",
          "product.engine-commit");

  private RowsSinceRetirement() {}

  /** Returns false as well if the log no longer reaches back to the retirement. */
  static boolean areUnchanged(Ledger ledger, RolloutEntry rollout) {
    Optional<VersionedDocument> entry =
        ledger.newestEntry(RegistryKeys.partition(rollout.product()));
    while (entry.isPresent()) {
      if (isRetirement(entry.get(), rollout)) {
        return true;
      } else if (isChange(entry.get(), rollout)) {
        return false;
      }
      entry = ledger.entryBefore(entry.get());
    }
    return false;
  }

  private static boolean isRetirement(VersionedDocument entry, RolloutEntry rollout) {
    return entry.json().path("event").asText().equals(RETIRED)
        && entry.json().path("details").path("rollout").asInt() == rollout.number();
  }

  private static boolean isChange(VersionedDocument entry, RolloutEntry rollout) {
    if (!ROW_CHANGES.contains(entry.json().path("event").asText())) {
      return false;
    }
    List<MovedTable> tables = MovedTables.of(entry.json().path("details"));
    Set<Integer> erased =
        tables.stream()
            .filter(table -> table.mode().equals(Optional.of("erase")))
            .map(MovedTable::major)
            .collect(Collectors.toSet());
    return !erased.containsAll(Set.of(rollout.from(), rollout.to()));
  }
}
