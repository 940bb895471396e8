package io.meshwork.internal.measure;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.math.BigDecimal;

/** How many rows there are. */
public final class RowCount implements Measure {
  private long rows;

  @Override
  public void add(VectorBatch batch, RowMask chosen) {
    rows += chosen.count();
  }

  /** Adds rows that were counted elsewhere, such as in a file's statistics. */
  public void add(long more) {
    rows += more;
  }

  @Override
  public void add(Measure other) {
    rows += ((RowCount) other).rows;
  }

  @Override
  public Figure result() {
    return Figure.of(BigDecimal.valueOf(rows), 0);
  }
}
