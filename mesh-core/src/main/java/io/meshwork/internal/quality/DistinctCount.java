package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.uniqueness.KeyValues;
import io.meshwork.internal.uniqueness.SpilledKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;

/**
 * Counts distinct values exactly; nulls are excluded, all NaN are equal, and so are both zeros.
 * Values beyond the memory limit are stored in temporary files.
 */
public final class DistinctCount implements RowMeasure {
  private final LeafPath path;
  private final KeyValues keys = new KeyValues();
  private final SpilledKeys values;
  private byte[] key = new byte[64];

  public DistinctCount(LeafPath path) {
    this(path, SpilledKeys.MAX_IN_MEMORY);
  }

  /** Measures a column with a custom memory limit in bytes. */
  public DistinctCount(LeafPath path, long maxInMemory) {
    this.path = path;
    this.values = new SpilledKeys(maxInMemory);
  }

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    path.collect(batch, selected);
    keys.read(path.values(), path.positions(), path.count());
    for (int i = 0; i < path.count(); i++) {
      int size = keys.size(i);
      key = key.length < size ? new byte[size * 2] : key;
      keys.write(i, key, 0);
      values.add(key, 0, size);
    }
  }

  @Override
  public void add(RowMeasure other) {
    ((DistinctCount) other).values.each(values::add);
  }

  @Override
  public boolean seesAllValues() {
    return true;
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
