package io.meshwork.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.Materializer;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.product.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one pinned snapshot, streamed once, in memory that does not grow with their number. Close
 * it. One thread.
 *
 * @param <T> what a row is given as
 */
public final class Rows<T> implements Iterable<T>, AutoCloseable {
  private final Optional<Snapshot> snapshot;
  private final List<String> columns;
  private final SnapshotScan scan;
  private final Materializer<T> materializer;
  private final ReaderNotes notes;
  private final Runnable onClose;
  private final Look look;
  private boolean handedOut;
  private boolean unread;
  private boolean closed;

  Rows(
      Optional<Snapshot> snapshot,
      List<String> columns,
      SnapshotScan scan,
      Materializer<T> materializer,
      ReaderNotes notes,
      Runnable onClose,
      Look look) {
    this.snapshot = snapshot;
    this.columns = columns;
    this.scan = scan;
    this.materializer = materializer;
    this.notes = notes;
    this.onClose = onClose;
    this.look = look;
  }

  /** The snapshot that is read; empty if nothing was published yet, and then there are no rows. */
  public Optional<Snapshot> snapshot() {
    return snapshot;
  }

  /** The columns that come, in order. */
  public List<String> columns() {
    return columns;
  }

  /**
   * The rows, in the order of snapshots and files. Once this is closed the iterator throws, unless
   * it was at the end: rows that nobody read never look like none.
   *
   * @throws InvalidRequestException if they were handed out before, or closed before they were
   *     read; read again for another look
   */
  @Override
  public Iterator<T> iterator() {
    handOut();
    return new Iterator<>() {
      private @Nullable VectorBatch batch;
      private int row;

      @Override
      public boolean hasNext() {
        checkNotCutOff();
        while (batch == null || row >= batch.rows()) {
          batch = nextBatch();
          row = 0;
          if (batch == null) {
            return false;
          }
        }
        return true;
      }

      @Override
      public T next() {
        if (!hasNext() || batch == null) {
          throw new NoSuchElementException("all rows were handed out");
        }
        T next = materializer.row(batch, row++);
        unread = row < batch.rows();
        return next;
      }
    };
  }

  /** The rows as a stream; closing it closes this. */
  public Stream<T> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  /** The same rows as columns, instead of {@link #iterator()}; a batch is valid until the next. */
  public Iterator<ColumnBatch> batches() {
    handOut();
    return new Iterator<>() {
      private @Nullable VectorBatch next;

      @Override
      public boolean hasNext() {
        checkNotCutOff();
        if (next == null) {
          next = nextBatch();
        }
        return next != null;
      }

      @Override
      public ColumnBatch next() {
        if (!hasNext() || next == null) {
          throw new NoSuchElementException("all batches were handed out");
        }
        ColumnBatch batch = next;
        next = null;
        unread = false;
        return batch;
      }
    };
  }

  @Override
  public void close() {
    onClose.run();
    scan.close();
    notes.close();
    closed = true;
  }

  /** True if this was closed before its last row was read. */
  boolean isCutOff() {
    return closed && (unread || !scan.isAtEnd());
  }

  private @Nullable VectorBatch nextBatch() {
    VectorBatch batch = scan.next();
    unread = batch != null && batch.rows() > 0;
    if (batch != null) {
      notes.beforeRows();
    }
    return batch;
  }

  private void handOut() {
    if (handedOut) {
      throw look.usedBefore();
    }
    checkNotCutOff();
    handedOut = true;
  }

  private void checkNotCutOff() {
    if (isCutOff()) {
      throw look.closed();
    }
  }
}
