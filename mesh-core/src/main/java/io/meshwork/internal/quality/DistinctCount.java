package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.util.List;

/**
 * Counts distinct values exactly; nulls are excluded, all NaN are equal, and so are both zeros.
 * Values beyond the memory limit are stored in temporary files.
 */
final class DistinctCount implements RowMeasure {
  private final LeafPath path;
  private final RowKey key = new RowKey(List.of());
  private final SpilledKeys values;

  /** Measures a column. */
  DistinctCount(LeafPath path) {
    this(path, SpilledKeys.MAX_IN_MEMORY);
  }

  /** Measures a column with a custom memory limit in bytes. */
  DistinctCount(LeafPath path, long maxInMemory) {
    this.path = path;
    this.values = new SpilledKeys(maxInMemory);
  }

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    path.collect(batch, selected);
    for (int i = 0; i < path.count(); i++) {
      key.read(path.values(), path.position(i));
      values.add(key.bytes(), key.length());
    }
  }

  @Override
  public void add(RowMeasure other) {
    ((DistinctCount) other).values.each(values::add);
  }

  @Override
  public MeasuredValue result() {
    return MeasuredValue.of(BigDecimal.valueOf(values.count()), 0);
  }

  @Override
  public void close() {
    values.close();
  }
}
