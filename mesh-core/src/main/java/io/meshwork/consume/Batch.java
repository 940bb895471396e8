package io.meshwork.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came since the last acknowledgement: one kind of news, streamed once, in memory that does
 * not grow with the number of rows. Who keeps a copy applies it as its kind says, then calls {@link
 * #ack()}. Close it; closing without {@code ack()} loses nothing. One thread.
 *
 * <p>It is the same batch for every process, with the same rows, until one acknowledges it; only
 * rows that are erased meanwhile are left out from then on.
 *
 * @param <T> what a row is given as
 */
public final class Batch<T> implements Iterable<T>, AutoCloseable {
  /** What happened to the rows. */
  public enum Kind {
    /** These rows came. */
    ADDED,
    /**
     * These rows came in the place of others: of all in {@link Batch#partitions()}, or, if that is
     * empty, of those for which {@link Batch#predicate()} is true.
     */
    REPLACED,
    /** The rows went for which {@link Batch#predicate()} is true; none came. */
    ERASED,
    /** Forget all rows: these are all that there are now. {@link Batch#reason()} says why. */
    RESET
  }

  private final Polling polling;
  private final Handed handed;
  private final BatchContent content;
  private final Rows<T> rows;
  private boolean said;

  Batch(Polling polling, Handed handed, BatchContent content, Rows<T> rows) {
    this.polling = polling;
    this.handed = handed;
    this.content = content;
    this.rows = rows;
  }

  /** True if nothing came. A batch whose rows the subscription's filter leaves out is not empty. */
  public boolean isEmpty() {
    return handed.batch().isEmpty();
  }

  /**
   * Its id, the same for every process and every time: publish under it as idempotency key what is
   * made of the rows, and it is made once. At most 256 characters.
   */
  public String id() {
    return handed.id();
  }

  /** What happened to the rows; an empty batch adds none. */
  public Kind kind() {
    return handed.batch().map(batch -> Kind.valueOf(batch.kind())).orElse(Kind.ADDED);
  }

  /** Why all rows are handed out anew; empty if they are not. */
  public Optional<String> reason() {
    return handed.batch().flatMap(batch -> batch.reason());
  }

  /**
   * The partitions whose rows were replaced, each from the name of its parts to their values: of a
   * part by value as {@code asMaps()} gives it, of a bucket the number, of a year, month, day or
   * hour the text, such as {@code 2026-11}. Empty if none were.
   */
  public List<Map<String, Object>> partitions() {
    return content.partitions();
  }

  /**
   * The filter that is true for each row that was replaced or erased, in its canonical form; empty
   * if partitions were replaced, or no row went. Where it is false or unknown, rows stayed.
   */
  public Optional<String> predicate() {
    return content.filter().map(filter -> filter.text());
  }

  /**
   * The snapshot that this batch reaches, as what is made of it is {@code derivedFrom}; of an empty
   * batch the one up to which all was acknowledged.
   *
   * @throws InvalidRequestException if nothing was published yet, or nothing was acknowledged that
   *     is still there; then the batch is empty
   */
  public Snapshot snapshot() {
    return rows.snapshot()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot say which snapshot this batch reaches: it is empty, and nothing came"
                        + " before. Ask isEmpty() first."));
  }

  /** The columns that come, in order. */
  public List<String> columns() {
    return rows.columns();
  }

  /**
   * The rows, in the order of snapshots and files. Once this is closed the iterator throws, unless
   * it was at the end: rows that nobody read never look like none.
   *
   * @throws InvalidRequestException if they were handed out before, or closed before they were
   *     read; poll again for another look
   */
  @Override
  public Iterator<T> iterator() {
    return rows.iterator();
  }

  /** The rows as a stream; closing it closes this. */
  public Stream<T> stream() {
    return rows.stream();
  }

  /** The same rows as columns, instead of {@link #iterator()}; a batch is valid until the next. */
  public Iterator<ColumnBatch> batches() {
    return rows.batches();
  }

  /**
   * Says that these rows are done: the next poll, of any process, begins after them. Said again it
   * does nothing, until the batch after it is acknowledged: from then on it is refused, and nothing
   * is done for an empty batch.
   *
   * <p>Said of an open batch it holds whether or not its rows were read: that is how they are
   * skipped. A closed batch is acknowledged only if they were read to the end, or there are none,
   * or it was said before.
   *
   * @throws InvalidRequestException if the batch was closed before its last row was read; poll
   *     again
   * @throws io.meshwork.error.ConflictException if the subscription was moved by hand meanwhile, or
   *     this batch was acknowledged already, here or by another process, and what came after it
   *     too, or another that begins in the same place was acknowledged; poll again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer was lost; say it again
   * @throws io.meshwork.error.BackendException if the registry failed; nothing was acknowledged
   */
  public void ack() {
    if (!said && rows.isCutOff()) {
      throw polling.unread(handed);
    }
    said = true;
    polling.acknowledge(handed);
  }

  @Override
  public void close() {
    rows.close();
  }

  /** What it is, for logs; no value of a filter or row is in it. */
  @Override
  public String toString() {
    return "batch " + id() + " of " + polling.product();
  }
}
