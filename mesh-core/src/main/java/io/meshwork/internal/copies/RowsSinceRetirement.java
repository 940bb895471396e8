package io.meshwork.internal.copies;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Determines whether the log has a change of rows after the retirement of a rollout's old major
 * version. Erases from both major versions and maintenance do not count. Uses the order of the log
 * rather than clocks. Stateless.
 */
public final class RowsSinceRetirement {
  private static final Set<String> ROW_CHANGES =
      Set.of(
          MeshEvent.Type.PRODUCT_PUBLISHED.text(),
          MeshEvent.Type.PRODUCT_ROLLED_BACK.text(),
          MeshEvent.Type.PRODUCT_BACK_FILLED.text(),
          MeshEvent.Type.PRODUCT_ENGINE_COMMIT.text());

  private RowsSinceRetirement() {}

  /** Returns false as well if the log no longer reaches back to the retirement. */
  public static boolean areUnchanged(Ledger ledger, RolloutEntry rollout) {
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
    return entry.json().path("event").asText().equals(MeshEvent.Type.ROLLOUT_RETIRED.text())
        && entry.json().path("details").path("rollout").asInt() == rollout.number();
  }

  private static boolean isChange(VersionedDocument entry, RolloutEntry rollout) {
    if (!ROW_CHANGES.contains(entry.json().path("event").asText())) {
      return false;
    }
    List<MovedTable> tables = MovedTables.of(entry.json().path("details"));
    Set<Integer> erased =
        tables.stream()
            .filter(table -> table.mode().equals(Optional.of(PublishMode.ERASE.text())))
            .map(MovedTable::major)
            .collect(Collectors.toSet());
    return !erased.containsAll(Set.of(rollout.from(), rollout.to()));
  }
}
