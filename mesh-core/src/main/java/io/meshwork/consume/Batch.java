package io.meshwork.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.product.Snapshot;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The next changes since the last acknowledged batch: one kind of change, whose rows are streamed
 * once, in memory that does not grow with their number. To maintain a copy, apply the rows as
 * {@link #kind()} requires, then call {@link #ack()}. Close it; closing without {@code ack()} loses
 * nothing. Not thread-safe.
 *
 * <p>Until it is acknowledged, every process gets the same batch with the same rows, except rows
 * that are erased in between. If the subscription's filter, columns or row type change in between,
 * the batch's filter does not; its columns follow the polling process. A reader whose rights show
 * it other rows gets another batch, a {@link Kind#RESET}, and the earlier one can no longer be
 * acknowledged.
 *
 * @param <T> the type of a row
 */
public interface Batch<T> extends Iterable<T>, AutoCloseable {
  /** What happened to the rows. */
  enum Kind {
    /** These rows were added. */
    ADDED,
    /**
     * These rows replace others: all rows in {@link Batch#partitions()} or, if that is empty, all
     * for which {@link Batch#predicate()} is true.
     */
    REPLACED,
    /** The rows for which {@link Batch#predicate()} is true were erased; the batch has no rows. */
    ERASED,
    /** Delete all rows that you have: these are all current rows. See {@link Batch#because()}. */
    RESET
  }

  /**
   * Returns true if nothing changed. A batch whose rows are all excluded by the subscription's
   * filter is not empty.
   */
  boolean isEmpty();

  /**
   * Returns the id, at most 256 characters. It is the same for every process until the batch is
   * acknowledged, as long as the reader's rights show it the same rows, and the same again after a
   * seek with the same filter and columns. Use it as the idempotency key of what you publish from
   * these rows, so that it is published once.
   */
  String id();

  /** Returns what happened to the rows; {@link Kind#ADDED} for an empty batch. */
  Kind kind();

  /** Returns why all rows are sent again; empty if the batch is no {@link Kind#RESET}. */
  Optional<String> because();

  /**
   * Returns the partitions whose rows are replaced, each as a map from partition field to value: an
   * identity field has the value that {@code asMaps()} gives, a bucket its number, a year, month,
   * day or hour its text such as {@code 2026-11}. Empty if no partitions are replaced.
   */
  List<Map<String, Object>> partitions();

  /**
   * Returns the filter, in canonical form, that is true for each replaced or erased row; empty if
   * partitions are replaced or no row is removed. Rows for which it is false or unknown remain.
   */
  Optional<String> predicate();

  /**
   * Returns the snapshot at which this batch ends, for {@code derivedFrom} of what you publish from
   * it. For an empty batch, it is the last acknowledged snapshot.
   *
   * @throws io.meshwork.error.InvalidRequestException if nothing was published yet, or no
   *     acknowledged snapshot is left; then the batch is empty
   */
  Snapshot snapshot();

  /** Returns the names of the columns, in order. */
  List<String> columns();

  /**
   * Returns the rows, in the order of snapshots and files. After {@link #close} the iterator
   * throws, unless it had reached the end, so that unread rows are never mistaken for none.
   *
   * @throws io.meshwork.error.InvalidRequestException if the rows were returned before, or this was
   *     closed before they were read; poll again to get them again
   */
  @Override
  Iterator<T> iterator();

  /** Returns the rows as a stream; closing it closes this. */
  Stream<T> stream();

  /**
   * Returns the same rows as columns, in place of {@link #iterator()}. A column batch is valid
   * until the next one is requested.
   */
  Iterator<ColumnBatch> batches();

  /**
   * Writes the same rows as one Parquet file, in place of {@link #iterator()}, as {@link
   * Rows#writeParquet} does.
   *
   * @param out where to write; it is flushed and stays open
   * @return the number of rows
   * @throws io.meshwork.error.BackendException if the stream fails, with {@code
   *     STORAGE_UNWRITABLE}, or a file cannot be read
   * @throws io.meshwork.error.InvalidRequestException if the rows were returned before
   */
  long writeParquet(OutputStream out);

  /**
   * Acknowledges the batch: the next poll, of any process, begins after it. Calling it again has no
   * effect until the following batch is acknowledged; from then on it is rejected. For an empty
   * batch it has no effect.
   *
   * <p>An open batch can be acknowledged before its rows are read, to skip them. A closed batch can
   * be acknowledged only if its rows were read to the end, it has none, or it was acknowledged
   * before.
   *
   * @throws io.meshwork.error.InvalidRequestException if the batch was closed before its last row
   *     was read; poll again
   * @throws io.meshwork.error.ConflictException if the position was moved, as by {@link
   *     Subscription#seekToStart()}, this and the following batch were acknowledged already, or
   *     another batch from the same position was issued since, such as to a reader of other rows;
   *     poll again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer was lost; acknowledge again
   * @throws io.meshwork.error.BackendException if the registry failed; nothing was acknowledged
   */
  void ack();

  /** Closes the files. Acknowledges nothing. */
  @Override
  void close();
}
