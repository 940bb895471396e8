package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigDecimal;
import java.util.List;

/**
 * How many values differ, exactly; nulls are left out, all NaN are one, and so are both zeros. What
 * memory has no room for lies in temporary files.
 */
public final class DistinctCount implements Measure {
  private final LeafPath path;
  private final KeyReader key = new KeyReader(List.of());
  private final SpilledKeys values;

  /** Of a column. */
  public DistinctCount(LeafPath path) {
    this(path, SpilledKeys.MOST_IN_MEMORY);
  }

  /** With another limit of what memory holds, in bytes. */
  DistinctCount(LeafPath path, long mostInMemory) {
    this.path = path;
    this.values = new SpilledKeys(mostInMemory);
  }

  @Override
  public void add(VectorBatch batch, RowMask chosen) {
    path.collect(batch, chosen);
    for (int i = 0; i < path.count(); i++) {
      key.read(path.values(), path.place(i));
      values.add(key.bytes(), key.length());
    }
  }

  @Override
  public void add(Measure other) {
    ((DistinctCount) other).values.each(values::add);
  }

  @Override
  public Figure result() {
    return Figure.of(BigDecimal.valueOf(values.count()), 0);
  }

  @Override
  public void close() {
    values.close();
  }
}
