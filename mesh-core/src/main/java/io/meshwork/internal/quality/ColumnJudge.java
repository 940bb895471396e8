package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * Judges a row by the values of one column. A row with several values fails if one of them does.
 */
final class ColumnJudge implements RowJudge {
  private final LeafColumn column;
  private final @Nullable ValueJudge values;
  private final boolean nullFails;

  private ColumnJudge(LeafColumn column, @Nullable ValueJudge values, boolean nullFails) {
    this.column = column;
    this.values = values;
    this.nullFails = nullFails;
  }

  /** Rows whose value fails; null passes. */
  static ColumnJudge of(LeafColumn column, ValueJudge values) {
    return new ColumnJudge(column, values, false);
  }

  /** Rows without a value, or with one that fails. */
  static ColumnJudge present(LeafColumn column, @Nullable ValueJudge values) {
    return new ColumnJudge(column, values, true);
  }

  @Override
  public void judge(VectorBatch batch, RowMask skip, RowMask failing) {
    if (!column.isRepeated()) {
      var vector = column.vector(batch);
      RowMask nulls = vector.nulls();
      if (nullFails && nulls != null) {
        failing.or(nulls);
      }
      if (values != null) {
        values.judge(vector, skip, failing);
      }
      return;
    }
    LeafColumn.Elements elements = column.elements(batch);
    RowMask bad = new RowMask(elements.values().size());
    RowMask nulls = elements.values().nulls();
    if (nullFails) {
      failing.or(elements.withoutList());
      if (nulls != null) {
        bad.or(nulls);
      }
    }
    if (values != null) {
      values.judge(elements.values(), elements.of(skip), bad);
    }
    elements.addRows(bad, failing);
  }
}
