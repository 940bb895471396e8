package io.meshwork.internal.quality;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Measures the percentage of rows without a null; 100 for no rows. A row with several values,
 * elements of a list, has a null if any of them is null.
 */
final class CompletenessMeasure implements RowMeasure {
  private final LeafPath path;
  private long rows;
  private long rowsWithNull;

  CompletenessMeasure(LeafPath path) {
    this.path = path;
  }

  @Override
  public void add(VectorBatch batch, RowMask selected) {
    path.collect(batch, selected);
    add(path.rows(), path.rowsWithNull());
  }

  /** Adds rows that were counted elsewhere, such as in a file's statistics. */
  void add(long more, long withNull) {
    rows += more;
    rowsWithNull += withNull;
  }

  @Override
  public void add(RowMeasure other) {
    add(((CompletenessMeasure) other).rows, ((CompletenessMeasure) other).rowsWithNull);
  }

  @Override
  public Serializable counts() {
    return new Counts(rows, rowsWithNull);
  }

  @Override
  public void add(Serializable counts) {
    add(((Counts) counts).rows, ((Counts) counts).rowsWithNull);
  }

  private record Counts(long rows, long rowsWithNull) implements Serializable {}

  @Override
  public MeasuredValue result() {
    BigDecimal percent =
        rows == 0
            ? BigDecimal.valueOf(100)
            : BigDecimal.valueOf(rows - rowsWithNull)
                .movePointRight(2)
                .divide(BigDecimal.valueOf(rows), MathContext.DECIMAL128);
    return MeasuredValue.of(percent, 0);
  }
}
