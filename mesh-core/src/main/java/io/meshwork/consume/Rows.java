package io.meshwork.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.product.Snapshot;
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

  /** Closes the files. Calling it again has no effect. */
  @Override
  void close();
}
