package io.meshwork.internal.ingest;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.Set;
import org.apache.iceberg.DataFile;

/** Chooses rows of data files. */
public interface RowSelection {
  /** Field ids of the columns that it asks. */
  Set<Integer> fieldIds();

  /** False only if it is certain that it chooses no row of the file. */
  boolean mayMatch(DataFile file);

  /** True only if it is certain that it chooses every row of the file. */
  boolean certainlyMatchesAll(DataFile file);

  /** The rows of a batch that it chooses. */
  RowMask matches(VectorBatch batch);

  /** The rows for which a filter is true. */
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
