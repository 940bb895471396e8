package io.meshwork.internal.ingest;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a source that another major version does not have, because its rollout excludes them.
 * A row that does not fit its own version is never excluded. Immutable.
 *
 * @param filter selects them; null if there are none
 */
record RowExclusion(@Nullable RowPredicate filter) {
  /** Those of the batch that the source returned last. */
  RowMask of(RowInput source) {
    RowMask rows = new RowMask(0);
    if (filter != null) {
      rows.or(filter.matches(source.batch()));
      rows.andNot(source.failures());
    }
    return rows;
  }
}
