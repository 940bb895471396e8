package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.math.BigDecimal;

/** Counts rows. */
final class RowCount implements RowMeasure {
  private long rows;

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    rows += selected.count();
  }

  /** Adds rows that were counted elsewhere, such as in a file's statistics. */
  void add(long more) {
    rows += more;
  }

  @Override
  public void add(RowMeasure other) {
    rows += ((RowCount) other).rows;
  }

  @Override
  public Serializable counts() {
    return rows;
  }

  @Override
  public void add(Serializable counts) {
    rows += (Long) counts;
  }

  @Override
  public MeasuredValue result() {
    return MeasuredValue.of(BigDecimal.valueOf(rows), 0);
  }
}
