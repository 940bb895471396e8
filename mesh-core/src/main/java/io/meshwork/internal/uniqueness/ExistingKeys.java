package io.meshwork.internal.uniqueness;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The keys of rows that a table contains and retains. Not thread-safe. */
public interface ExistingKeys {
  /** A table without rows. */
  ExistingKeys NONE =
      new ExistingKeys() {
        @Override
        public boolean mightContain(KeyRange range) {
          return false;
        }

        @Override
        public void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
          // The table has no rows.
        }
      };

  /** Keys to look up. */
  interface RequestedKeys {
    /** Returns the key columns of a batch; batches may have further columns. */
    List<String> columns();

    /** Returns the filter of the rows that count; null if all rows count. */
    @Nullable RowPredicate filter();

    /**
     * Returns false only if a part of the table contains none of the keys.
     *
     * @param filters bloom filters of that part, one per column; null if there is none
     */
    boolean anyIn(List<@Nullable BloomFilter> filters);
  }

  /**
   * Returns the keys in partitions that the publish writes to, which are known after its last row;
   * none by default.
   */
  default ExistingKeys inTouchedPartitions() {
    return NONE;
  }

  /**
   * Returns false only if it is known, without opening a file, that the table contains no key of
   * the range.
   */
  boolean mightContain(KeyRange range);

  /**
   * Passes on all keys of the range that may be among the requested ones, and possibly others.
   *
   * @param receiver receives batches with the key columns, found by name in {@link
   *     VectorBatch#schema()}
   */
  void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver);
}
