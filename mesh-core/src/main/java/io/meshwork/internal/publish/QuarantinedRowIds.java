package io.meshwork.internal.publish;

import io.meshwork.internal.ingest.RowSelection;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;

/**
 * Selects quarantined rows by their publish and their number in it, which a row has in the
 * quarantines of all major versions. Not thread-safe.
 */
final class QuarantinedRowIds implements RowSelection {
  private final Map<String, Set<Long>> numbers = new HashMap<>();
  private long count;

  void add(String publish, long number) {
    if (numbers.computeIfAbsent(publish, any -> new HashSet<>()).add(number)) {
      count++;
    }
  }

  /** Selects nothing, before the rows are read again. */
  void clear() {
    numbers.clear();
    count = 0;
  }

  long count() {
    return count;
  }

  /** The number of rows of back-fills, which the major version has that was copied. */
  long ofBackFills() {
    return numbers.entrySet().stream()
        .filter(publish -> FileOrigin.isCopyId(publish.getKey()))
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
      Set<Long> ofPublish = numbers.get(rows.text(QuarantineTable.PUBLISH, row));
      if (ofPublish != null && ofPublish.contains(rows.number(row))) {
        matching.set(row);
      }
    }
    return matching;
  }
}
