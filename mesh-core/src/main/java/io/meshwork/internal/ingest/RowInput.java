package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The rows of a source, as batches with the table's columns. Not thread-safe. */
public interface RowInput extends AutoCloseable {
  /** The next rows; null at the end. A batch is valid until the next call. */
  @Nullable VectorBatch next();

  /** The last batch; empty before the first call of {@link #next} and after the end. */
  VectorBatch batch();

  /** Retains the records of each batch until the next one, so that they can be mapped. */
  default void retainRecords() {}

  /**
   * The record of a row of the last batch, in the form in which the caller offered it; a row of a
   * file is a {@code GenericRecord}. The row has no type violation.
   */
  default Object record(int row) {
    throw new IllegalStateException("the records of this input are not retained");
  }

  /** The rows of the last batch with type violations. */
  RowMask failures();

  /** The type violations of a row of the last batch. */
  List<Violation> failuresOf(int row);

  /** The rows of the last batch that this major version does not have; normally none. */
  default RowMask leftOut() {
    return new RowMask(0);
  }

  /** The type violations of all rows so far, one finding per column and code. */
  List<Finding> failureFindings();

  /** A row of the last batch as JSON, including values of other types. */
  String json(int row);

  /** The total number of rows; empty if it is unknown before they are read. */
  OptionalLong total();

  /** The number of rows read so far. */
  long rowsRead();

  @Override
  void close();
}
