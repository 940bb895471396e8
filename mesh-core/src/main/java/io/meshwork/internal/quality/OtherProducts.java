package io.meshwork.internal.quality;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;

/** The rows of other products at the start of a publish. Not thread-safe. */
public interface OtherProducts {
  /** No product is readable. */
  OtherProducts UNREADABLE =
      product -> SnapshotRows.unreadable("other products are not readable here");

  /** Returns the rows of a product; repeated calls return the same rows. */
  SnapshotRows of(ProductName product);

  /**
   * Returns the rows of a product in a major version that has these columns: the current one, or
   * else one that it replaces and that is still read. Uses the current one if none has them.
   */
  default SnapshotRows of(ProductName product, List<String> columns) {
    return of(product);
  }

  /**
   * Returns the keys of another product's rows for a rule.
   *
   * @param schema the columns of the rows that are compared with them
   */
  default ReferencedKeys keys(References condition, Schema schema) {
    return ReferencedKeys.read(
        condition, schema, of(condition.product(), condition.otherColumns()));
  }

  /** Returns true for the product that is published to. */
  default boolean isOwn(ProductName product) {
    return false;
  }

  /**
   * Returns the message for rows that are damaged or missing.
   *
   * @throws BackendException if the failure is retryable
   */
  static String unread(SnapshotRows rows, BackendException failure) {
    if (failure.retryable()
        || failure.errorCode() == ErrorCode.DEADLINE_PASSED
        || failure.errorCode() == ErrorCode.INTERRUPTED) {
      throw failure;
    }
    return rows.name() + " cannot be read (" + failure.errorCode() + ")";
  }

  /** The rows of one pinned snapshot. */
  interface SnapshotRows {
    /** Returns why the rows cannot be read, as a clause; empty if they can. */
    String gap();

    /** Returns the snapshot and product, such as {@code snapshot 12 of crm/customers}. */
    String name();

    /** Returns the columns of the product. */
    Schema schema();

    /** Returns the number of rows. */
    long count();

    /**
     * Reads some columns of all rows.
     *
     * @param fieldIds field IDs of the columns
     * @param receiver receives batches whose schema has these columns
     * @throws io.meshwork.error.BackendException if a file is missing or damaged
     */
    void read(Set<Integer> fieldIds, Consumer<VectorBatch> receiver);

    /** Returns rows that cannot be read. */
    static SnapshotRows unreadable(String why) {
      return new SnapshotRows() {
        @Override
        public String gap() {
          return why;
        }

        @Override
        public String name() {
          return "";
        }

        @Override
        public Schema schema() {
          return new Schema();
        }

        @Override
        public long count() {
          return 0;
        }

        @Override
        public void read(Set<Integer> fieldIds, Consumer<VectorBatch> receiver) {
          throw new IllegalStateException(why);
        }
      };
    }
  }
}
