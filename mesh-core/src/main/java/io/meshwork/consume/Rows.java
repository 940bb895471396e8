package io.meshwork.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.product.Snapshot;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rows of one pinned snapshot, streamed once, in memory that does not grow with their number.
 * Close it. Not thread-safe: a second thread that calls it while the first is inside gets {@code
 * CONCURRENT_USE}. After a row or file could not be read, every further call fails the same way.
 * When the mesh is closed before the last row, the next call fails with {@code CLOSED}.
 *
 * @param <T> the type of a row
 */
public interface Rows<T> extends Iterable<T>, AutoCloseable {
  /** Returns the snapshot; empty if nothing was published yet, and then there are no rows. */
  Optional<Snapshot> snapshot();

  /** Returns the names of the columns, in order. */
  List<String> columns();

  /**
   * Returns the rows, in the order of snapshots and files. After {@link #close} the iterator
   * throws, unless it had reached the end, so that unread rows are never mistaken for none.
   *
   * @throws io.meshwork.error.InvalidRequestException if the rows were returned before, or this was
   *     closed before they were read; read again to get them again
   */
  @Override
  Iterator<T> iterator();

  /** Returns the rows as a stream; closing it closes this. */
  Stream<T> stream();

  /**
   * Returns the same rows as columns, in place of {@link #iterator()}. A batch is valid until the
   * next one is requested.
   */
  Iterator<ColumnBatch> batches();

  /**
   * Writes the same rows as one Parquet file, in place of {@link #iterator()}, in memory that does
   * not grow with their number. The columns have the names, types, and order of the columns that
   * are read, and are nullable where they may contain a null. Timestamps with a zone are in UTC
   * ({@code isAdjustedToUTC}), others are local; enums are strings.
   *
   * @param out where to write, from its current position; it is flushed and stays open. If this
   *     throws, it has no complete file: every engine refuses one without its end.
   * @return the number of rows; 0 gives a file with columns and without rows
   * @throws io.meshwork.error.BackendException if the stream fails, with {@code
   *     STORAGE_UNWRITABLE}, or a file cannot be read
   * @throws io.meshwork.error.InvalidRequestException if the rows were returned before
   */
  long writeParquet(OutputStream out);

  /** Closes the files. Calling it again has no effect. */
  @Override
  void close();
}
