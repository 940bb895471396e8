package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counts the rows that do not match the filter of the rows that they replace. Not thread-safe. */
final class ReplaceScopeCheck {
  private final @Nullable RowPredicate scope;
  private OutsideRows outside = OutsideRows.NONE;

  /**
   * The rows that do not match. Immutable.
   *
   * @param rows how many
   * @param first the number of the first one in the input
   */
  record OutsideRows(long rows, long first) implements Serializable {
    static final OutsideRows NONE = new OutsideRows(0, Long.MAX_VALUE);

    /** These and others. */
    OutsideRows plus(OutsideRows others) {
      return new OutsideRows(rows + others.rows, Math.min(first, others.first));
    }
  }

  /** Creates a check; without a filter every row matches. */
  ReplaceScopeCheck(@Nullable RowPredicate scope) {
    this.scope = scope;
  }

  /**
   * Checks rows to be published.
   *
   * @param rowNumber returns the number of a row of the batch in the input, from 0
   */
  void check(VectorBatch batch, RowMask published, IntToLongFunction rowNumber) {
    if (scope == null || published.isEmpty()) {
      return;
    }
    RowMask unmatched = new RowMask(batch.rows());
    unmatched.or(published);
    unmatched.andNot(scope.matches(batch));
    if (!unmatched.isEmpty()) {
      outside =
          outside.plus(
              new OutsideRows(unmatched.count(), rowNumber.applyAsLong(unmatched.next(0))));
    }
  }

  /** The rows that do not match. */
  OutsideRows outside() {
    return outside;
  }

  /** The finding; empty if every row matches. */
  Optional<Finding> finding() {
    return finding(scope, outside);
  }

  /** The finding on rows that do not match a filter; empty if there are none. */
  static Optional<Finding> finding(@Nullable RowPredicate scope, OutsideRows outside) {
    if (scope == null || outside.rows() == 0) {
      return Optional.empty();
    }
    String columns = String.join(", ", scope.columns());
    return Optional.of(
        new Finding(
            FindingCode.ROWS_OUTSIDE_FILTER,
            Finding.Severity.ERROR,
            columns,
            "the filter of the rows to replace"
                + (columns.isEmpty() ? "" : ", on " + columns + ",")
                + " is not true for "
                + Count.of(outside.rows(), "row")
                + ", first in row "
                + RowNumber.text(outside.first())
                + ".",
            outside.rows(),
            List.of(),
            "Remove these rows, or widen the filter."));
  }
}
