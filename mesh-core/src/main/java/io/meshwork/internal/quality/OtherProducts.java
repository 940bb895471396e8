package io.meshwork.internal.quality;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.product.ProductName;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;

/** Rows of other products, as they are when a publish begins. Used by one thread. */
public interface OtherProducts {
  /** Where no other product can be read. */
  OtherProducts UNREADABLE = product -> Rows.unreadable("the other product cannot be read here");

  /** The rows of a product; the same however often it is asked for. */
  Rows of(ProductName product);

  /** True for the product that is published to. */
  default boolean isOwn(ProductName product) {
    return false;
  }

  /**
   * What to say of rows that are damaged or gone.
   *
   * @throws BackendException if they may be readable in a while
   */
  static String unread(Rows rows, BackendException failure) {
    if (failure.retryable()
        || failure.errorCode() == ErrorCode.DEADLINE_PASSED
        || failure.errorCode() == ErrorCode.INTERRUPTED) {
      throw failure;
    }
    return rows.name() + " cannot be read (" + failure.errorCode() + ")";
  }

  /** The rows of one pinned snapshot. */
  interface Rows {
    /** Why they cannot be read, in half a sentence; empty if they can. */
    String gap();

    /** What they are, such as {@code snapshot 12 of crm/customers}. */
    String name();

    /** The columns of the product. */
    Schema schema();

    /** How many there are. */
    long count();

    /**
     * Reads some columns of all rows.
     *
     * @param fieldIds of the columns
     * @param receiver takes batches whose schema has these columns
     * @throws io.meshwork.error.BackendException if a file is missing or damaged
     */
    void read(Set<Integer> fieldIds, Consumer<VectorBatch> receiver);

    /** Rows that nobody can read. */
    static Rows unreadable(String why) {
      return new Rows() {
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
