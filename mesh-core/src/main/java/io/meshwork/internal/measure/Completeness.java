package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Rows without a null in percent of all rows; 100 of none. A row with several values, elements of a
 * list, has a null if one of them is.
 */
public final class Completeness implements Measure {
  private final LeafPath path;
  private long rows;
  private long rowsWithNull;

  /** Of a column. */
  public Completeness(LeafPath path) {
    this.path = path;
  }

  @Override
  public void add(VectorBatch batch, RowMask chosen) {
    path.collect(batch, chosen);
    add(path.rows(), path.rowsWithNull());
  }

  /** Adds rows that were counted elsewhere, such as in a file's statistics. */
  public void add(long more, long withNull) {
    rows += more;
    rowsWithNull += withNull;
  }

  @Override
  public void add(Measure other) {
    add(((Completeness) other).rows, ((Completeness) other).rowsWithNull);
  }

  @Override
  public Figure result() {
    BigDecimal percent =
        rows == 0
            ? BigDecimal.valueOf(100)
            : BigDecimal.valueOf(rows - rowsWithNull)
                .movePointRight(2)
                .divide(BigDecimal.valueOf(rows), MathContext.DECIMAL128);
    return Figure.of(percent, 0);
  }
}
