package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where rows come from, as batches with the table's columns. One thread. */
public interface RowInput extends AutoCloseable {
  /** The next rows; null at the end. A batch is valid until the next is asked for. */
  @Nullable VectorBatch next();

  /** The rows of the last batch whose values do not fit their columns' types. */
  RowMask failures();

  /** What is wrong with such a row. */
  List<Violation> failuresOf(int row);

  /** What did not fit in all rows so far, one finding a column and code. */
  List<Finding> failureFindings();

  /** A row of the last batch as JSON, also one that does not fit. */
  String json(int row);

  /** How many rows there are in all, if that is known before they are read. */
  OptionalLong total();

  /** How many rows were read so far. */
  long rowsRead();

  @Override
  void close();
}
