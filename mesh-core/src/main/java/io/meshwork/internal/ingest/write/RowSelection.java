package io.meshwork.internal.ingest.write;

import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Set;
import org.apache.iceberg.DataFile;

/** Selects rows of data files. */
public interface RowSelection {
  /** Field IDs of the columns that it reads. */
  Set<Integer> fieldIds();

  /** False only if it certainly selects no row of the file. */
  boolean mayMatch(DataFile file);

  /** True only if it certainly selects every row of the file. */
  boolean certainlyMatchesAll(DataFile file);

  /** The selected rows of a batch. */
  RowMask matches(VectorBatch batch);

  /** Selects the rows that match a filter. */
  static RowSelection of(RowPredicate filter) {
    return new RowSelection() {
      @Override
      public Set<Integer> fieldIds() {
        return filter.fieldIds();
      }

      @Override
      public boolean mayMatch(DataFile file) {
        return filter.mayMatch(file);
      }

      @Override
      public boolean certainlyMatchesAll(DataFile file) {
        return filter.certainlyMatchesAll(file);
      }

      @Override
      public RowMask matches(VectorBatch batch) {
        return filter.matches(batch);
      }
    };
  }
}
