package io.meshwork.internal.quality;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a row by the values of one column. A row with several values fails if any of them
 * fails.
 */
final class ColumnEvaluator implements RowRuleEvaluator {
  private final LeafColumn column;
  private final @Nullable ValueEvaluator values;
  private final boolean nullFails;

  private ColumnEvaluator(LeafColumn column, @Nullable ValueEvaluator values, boolean nullFails) {
    this.column = column;
    this.values = values;
    this.nullFails = nullFails;
  }

  /** Fails rows whose value fails; null passes. */
  static ColumnEvaluator of(LeafColumn column, ValueEvaluator values) {
    return new ColumnEvaluator(column, values, false);
  }

  /** Fails rows without a value, or with a failing one. */
  static ColumnEvaluator present(LeafColumn column, @Nullable ValueEvaluator values) {
    return new ColumnEvaluator(column, values, true);
  }

  @Override
  public void evaluate(VectorBatch batch, RowMask skip, RowMask failing) {
    if (!column.isRepeated()) {
      var vector = column.vector(batch);
      RowMask nulls = vector.nulls();
      if (nullFails && nulls != null) {
        failing.or(nulls);
      }
      if (values != null) {
        values.evaluate(vector, skip, failing);
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
      values.evaluate(elements.values(), elements.of(skip), bad);
    }
    elements.addRows(bad, failing);
  }
}
