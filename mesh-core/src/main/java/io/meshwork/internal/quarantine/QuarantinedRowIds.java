package io.meshwork.internal.quarantine;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rollout.Differences;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/**
 * Selects quarantined rows by their publish, or the file that they were copied from, and their
 * number in it, which a row has in the quarantines of all major versions. Not thread-safe.
 */
public final class QuarantinedRowIds implements RowSelection {
  /** The most rows of one publish or erase; the numbers of all rows are in memory. */
  static final long MAX_ROWS = 1_000_000;

  private final Map<String, Set<Long>> numbers = new HashMap<>();
  private long count;

  /**
   * The rows of a quarantine that match a filter on its columns.
   *
   * @throws io.meshwork.error.InvalidRequestException if they are too many
   */
  public static QuarantinedRowIds matching(
      FileIO files, Table quarantine, RowPredicate filter, Deadline deadline, MeshAction action) {
    QuarantinedRowIds matching = new QuarantinedRowIds();
    Snapshot newest = quarantine.currentSnapshot();
    try (SnapshotScan scan =
        SnapshotScan.of(
                files,
                newest == null ? List.of() : SnapshotFiles.of(quarantine, newest, filter),
                QuarantineTable.SCHEMA,
                quarantine.schema(),
                filter,
                Long.MAX_VALUE,
                action)
            .from(quarantine)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(action);
        QuarantineBatch rows = new QuarantineBatch(batch);
        for (int row = 0; row < batch.rows(); row++) {
          matching.add(rows.text(QuarantineTable.PUBLISH, row), rows.number(row));
        }
        matching.checkCount("Nothing was erased.", "Erase", action);
      }
    }
    return matching;
  }

  /**
   * Requires that the numbers of all rows fit into memory.
   *
   * @param call what to do in parts, such as {@code Erase}
   */
  public void checkCount(String state, String call, MeshAction action) {
    if (count > MAX_ROWS) {
      throw Failure.of(action)
          .because("the filter selects more than " + MAX_ROWS + " rows of the quarantine")
          .state(state)
          .fix(call + " the rows in parts, such as of one publish at a time.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  public void add(String publish, long number) {
    String source = FileOrigin.source(publish);
    if (numbers.computeIfAbsent(source, any -> new HashSet<>()).add(number)) {
      count++;
    }
  }

  /** Selects nothing, before the rows are read again. */
  public void clear() {
    numbers.clear();
    count = 0;
  }

  public long count() {
    return count;
  }

  /**
   * The number of rows that the other major version of a rollout may have: it was copied, or a
   * publish wrote one version alone.
   */
  public long withoutOther(Differences differences) {
    return numbers.entrySet().stream()
        .filter(
            publish ->
                FileOrigin.isCopyId(publish.getKey())
                    || differences.isQuarantinedAlone(publish.getKey()))
        .mapToLong(publish -> publish.getValue().size())
        .sum();
  }

  @Override
  public Set<Integer> fieldIds() {
    return Set.of(
        QuarantineTable.SCHEMA.findField(QuarantineTable.PUBLISH).fieldId(),
        QuarantineTable.SCHEMA.findField(QuarantineTable.ROW_NUMBER).fieldId());
  }

  @Override
  public boolean mayMatch(DataFile file) {
    return count > 0;
  }

  @Override
  public boolean certainlyMatchesAll(DataFile file) {
    return false;
  }

  @Override
  public RowMask matches(VectorBatch batch) {
    RowMask matching = new RowMask(batch.rows());
    QuarantineBatch rows = new QuarantineBatch(batch);
    for (int row = 0; row < batch.rows(); row++) {
      Set<Long> ofPublish = numbers.get(FileOrigin.source(rows.text(QuarantineTable.PUBLISH, row)));
      if (ofPublish != null && ofPublish.contains(rows.number(row))) {
        matching.set(row);
      }
    }
    return matching;
  }
}
