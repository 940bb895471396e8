package io.meshwork.internal.publish;

import io.meshwork.internal.ingest.RowSelection;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Types;

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
    BytesVector publishes = texts(batch, QuarantineTable.PUBLISH);
    for (int row = 0; row < batch.rows(); row++) {
      Set<Long> ofPublish = numbers.get(text(publishes, row));
      if (ofPublish != null && ofPublish.contains(number(batch, row))) {
        matching.set(row);
      }
    }
    return matching;
  }

  static String text(BytesVector texts, int row) {
    return new String(texts.get(row), StandardCharsets.UTF_8);
  }

  static BytesVector texts(VectorBatch batch, String column) {
    return (BytesVector) batch.vector(position(batch, column)).flat();
  }

  static long number(VectorBatch batch, int row) {
    return ((LongVector) batch.vector(position(batch, QuarantineTable.ROW_NUMBER)).flat()).get(row);
  }

  private static int position(VectorBatch batch, String column) {
    List<Types.NestedField> fields = batch.schema().columns();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalStateException("the batch has no column " + column);
  }
}
