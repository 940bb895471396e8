package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether rows lie within what they are to replace, and counts those that do not. One thread.
 */
final class ReplaceScopeCheck {
  private final @Nullable RowPredicate scope;
  private long outside;
  private long first = Long.MAX_VALUE;

  /** A check; without a filter every row lies within. */
  ReplaceScopeCheck(@Nullable RowPredicate scope) {
    this.scope = scope;
  }

  /**
   * Looks at rows that are to be published.
   *
   * @param rowNumber the number of a row of the batch in the input, from 0
   */
  void check(VectorBatch batch, RowMask published, IntToLongFunction rowNumber) {
    if (scope == null || published.isEmpty()) {
      return;
    }
    RowMask strangers = new RowMask(batch.rows());
    strangers.or(published);
    strangers.andNot(scope.matches(batch));
    if (!strangers.isEmpty()) {
      outside += strangers.count();
      first = Math.min(first, rowNumber.applyAsLong(strangers.next(0)));
    }
  }

  /** What was found; empty if every row lies within. */
  Optional<Finding> finding() {
    if (scope == null || outside == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            "OUTSIDE_SCOPE",
            Finding.Severity.ERROR,
            String.join(", ", scope.columns()),
            "the filter of what is replaced, on "
                + String.join(", ", scope.columns())
                + ", is not true for "
                + outside
                + (outside == 1 ? " row" : " rows")
                + ", first in row "
                + (first + 1)
                + ".",
            outside,
            List.of(),
            "Leave these rows out, or widen the filter."));
  }
}
