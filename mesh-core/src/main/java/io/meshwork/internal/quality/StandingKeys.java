package io.meshwork.internal.quality;

import io.meshwork.internal.columnar.BloomFilter;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keys of rows that a table holds and that stay there. One thread. */
public interface StandingKeys {
  /** A table without rows. */
  StandingKeys NONE =
      new StandingKeys() {
        @Override
        public boolean mayHold(KeyRange range) {
          return false;
        }

        @Override
        public void find(KeyRange range, Asked keys, Consumer<VectorBatch> receiver) {
          // There is none.
        }
      };

  /** Keys that are looked for. */
  interface Asked {
    /** The columns of a batch that hands keys over; more may be read with them. */
    List<String> columns();

    /** Rows for which it is not true do not count; null if all do. */
    @Nullable Predicate filter();

    /**
     * False only if none of the keys is in a part of the table.
     *
     * @param filters of that part, one a column; null where there is none
     */
    boolean anyIn(List<@Nullable BloomFilter> filters);
  }

  /**
   * Those of them that lie in partitions that the publish touches, which is known at the end of its
   * rows; none unless said otherwise.
   */
  default StandingKeys inTouchedPartitions() {
    return NONE;
  }

  /** False only if no key of the range is there, as far as is known without opening a file. */
  boolean mayHold(KeyRange range);

  /**
   * Hands over all keys of the range that are there and may be among those that are asked for, and
   * maybe others.
   *
   * @param receiver takes batches with the columns of the keys, found by name in {@link
   *     VectorBatch#schema()}
   */
  void find(KeyRange range, Asked keys, Consumer<VectorBatch> receiver);
}
