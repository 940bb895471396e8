package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** Counts the rows that do not match the filter of the rows that they replace. Not thread-safe. */
final class ReplaceScopeCheck {
  private final @Nullable RowPredicate scope;
  private long outside;
  private long first = Long.MAX_VALUE;

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
      outside += unmatched.count();
      first = Math.min(first, rowNumber.applyAsLong(unmatched.next(0)));
    }
  }

  /** The finding; empty if every row matches. */
  Optional<Finding> finding() {
    if (scope == null || outside == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            FindingCode.ROWS_OUTSIDE_FILTER,
            Finding.Severity.ERROR,
            String.join(", ", scope.columns()),
            "the filter of the rows to replace, on "
                + String.join(", ", scope.columns())
                + ", is not true for "
                + outside
                + (outside == 1 ? " row" : " rows")
                + ", first in row "
                + (first + 1)
                + ".",
            outside,
            List.of(),
            "Remove these rows, or widen the filter."));
  }
}
