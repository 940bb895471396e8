package io.meshwork.internal.replacement;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.Manifests;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The state of a table on which a publish is based. It detects concurrent changes of the rows that
 * the publish replaces. Compaction does not count as a change.
 *
 * @param snapshotId the newest snapshot at that time; null if the table had none
 * @param staged true for the base of a staged publish, which never changes
 * @param copied true if later copies of rows of another major version count as no change
 */
public record BaseSnapshot(@Nullable Long snapshotId, boolean staged, boolean copied) {
  @JsonCreator
  static BaseSnapshot staged(JsonNode snapshotId) {
    return new BaseSnapshot(snapshotId.isNull() ? null : snapshotId.asLong(), true, false);
  }

  @JsonValue
  JsonNode stored() {
    return snapshotId == null
        ? NullNode.getInstance()
        : TextNode.valueOf(Long.toString(snapshotId));
  }

  public static BaseSnapshot of(Table table) {
    Snapshot newest = table.currentSnapshot();
    return new BaseSnapshot(newest == null ? null : newest.snapshotId(), false, false);
  }

  /**
   * The base of a staged publish in a major version that publishes did not write then: the newest
   * snapshot before that time. What a back-fill copies since are rows of a major version that has a
   * base.
   */
  public static BaseSnapshot before(Table table, Instant staged) {
    Snapshot each = table.currentSnapshot();
    Long id = each == null ? null : each.snapshotId();
    while (each != null && each.timestampMillis() >= staged.toEpochMilli()) {
      id = each.parentId();
      each = id == null ? null : table.snapshot(id);
    }
    return new BaseSnapshot(id, true, true);
  }

  /**
   * Checks that no later snapshot changed the rows.
   *
   * @param now the current table
   * @throws io.meshwork.error.ConflictException if a later snapshot may have added or removed some
   *     of the rows
   */
  public void checkUnchanged(Table now, ReplacedRows rows, MeshAction action) {
    Snapshot each = now.currentSnapshot();
    while (each != null && (snapshotId == null || each.snapshotId() != snapshotId)) {
      Long parentId = each.parentId();
      Snapshot parent = parentId == null ? null : now.snapshot(parentId);
      boolean lost = parent == null && (parentId != null || snapshotId != null);
      if (lost || touches(now, each, parent, rows)) {
        throw changed(each, action);
      }
      each = parent;
    }
  }

  private ConflictException changed(Snapshot by, MeshAction action) {
    Failure failure =
        Failure.of(action)
            .because(
                "snapshot "
                    + by.snapshotId()
                    + ", which was committed in the meantime, may have added or removed rows that"
                    + " this publish replaces")
            .state("Nothing was committed.");
    return staged
        ? failure.fix("Discard it and stage the rows again.").lastingConflict(ErrorCode.CONFLICT)
        : failure
            .fix(
                "Inspect it with publishHistory(..), and commit again if your rows are still"
                    + " correct.")
            .conflict(ErrorCode.CONFLICT);
  }

  private boolean touches(
      Table table, Snapshot snapshot, @Nullable Snapshot parent, ReplacedRows rows) {
    if (DataOperations.REPLACE.equals(snapshot.operation()) || (copied && isCopy(snapshot))) {
      return false;
    }
    Manifests.Changes changes = Manifests.changes(table, snapshot);
    Set<String> removed = new HashSet<>();
    changes.removed().forEach(file -> removed.add(file.location()));
    if (!removed.isEmpty() && parent == null) {
      return true;
    }
    // Entries of removed files have no statistics, so they are read from the parent snapshot.
    List<DataFile> before =
        removed.isEmpty() || parent == null ? List.of() : SnapshotFiles.of(table, parent);
    return changes.added().stream().anyMatch(rows::mightContain)
        || before.stream()
            .anyMatch(file -> removed.contains(file.location()) && rows.mightContain(file));
  }

  private static boolean isCopy(Snapshot snapshot) {
    return PublishMode.BACK_FILL.text().equals(snapshot.summary().get(TableSnapshots.MODE));
  }
}
