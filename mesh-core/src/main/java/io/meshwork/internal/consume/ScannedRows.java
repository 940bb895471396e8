package io.meshwork.internal.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Rows;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.RowMaterializer;
import io.meshwork.internal.runtime.ThreadGuard;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a scan of a snapshot's files gives.
 *
 * @param <T> the type of a row
 */
final class ScannedRows<T> implements Rows<T> {
  private final Optional<Snapshot> snapshot;
  private final List<String> columns;
  private final SnapshotScan scan;
  private final RowMaterializer<T> materializer;
  private final ReaderRecords notes;
  private final Runnable onClose;
  private final RowStreamErrors look;
  private final ClientSession session;
  private final ThreadGuard guard;
  private @Nullable Throwable failure;
  private boolean handedOut;
  private boolean unread;
  private boolean closed;

  ScannedRows(
      Optional<Snapshot> snapshot,
      List<String> columns,
      SnapshotScan scan,
      RowMaterializer<T> materializer,
      ReaderRecords notes,
      ClientSession session,
      MeshAction action,
      RowStreamErrors look) {
    this.snapshot = snapshot;
    this.columns = columns;
    this.scan = scan;
    this.materializer = materializer;
    this.notes = notes;
    this.session = session;
    this.onClose = session.opened(action);
    this.look = look;
    this.guard = look.guard();
  }

  @Override
  public Optional<Snapshot> snapshot() {
    return snapshot;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Iterator<T> iterator() {
    handOut();
    return new RowIterator();
  }

  @Override
  public Stream<T> stream() {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                iterator(), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(this::close);
  }

  @Override
  public Iterator<ColumnBatch> batches() {
    handOut();
    return new BatchIterator();
  }

  @Override
  public void close() {
    guard.enter();
    try {
      onClose.run();
      scan.close();
      notes.close();
      closed = true;
    } finally {
      guard.exit();
    }
  }

  /** True if this was closed before its last row was read. */
  boolean isCutOff() {
    return closed && (unread || !scan.isAtEnd());
  }

  private @Nullable VectorBatch nextBatch() {
    try {
      VectorBatch batch = scan.next();
      unread = batch != null && batch.rows() > 0;
      if (batch != null) {
        notes.beforeRows();
      }
      return batch;
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    }
  }

  private void handOut() {
    guard.enter();
    try {
      if (handedOut) {
        throw look.usedBefore();
      }
      checkReadable();
      handedOut = true;
    } finally {
      guard.exit();
    }
  }

  /** Refuses to go on after a failure, or after this or the mesh was closed before the last row. */
  private void checkReadable() {
    if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException exception) {
      throw exception;
    } else if (isCutOff()) {
      throw look.closed();
    } else if (unread || !scan.isAtEnd()) {
      session.checkOpen(look.action());
    }
  }

  /** After it nobody can tell which rows are left. */
  private void fail(Throwable reason) {
    failure = reason;
    unread = true;
  }

  /** One walk over the rows; each step is guarded, and refused where reading is. */
  private abstract class Walk<E> implements Iterator<E> {
    /** True if there is another element, which is read for it. */
    abstract boolean advance();

    /** True if the next element was read already. */
    abstract boolean isAhead();

    /** The element that {@link #advance} found. */
    abstract E take();

    @Override
    public final boolean hasNext() {
      // Most calls change nothing, and then it need not go inside.
      guard.check();
      if (isAhead()) {
        checkReadable();
        return true;
      }
      guard.enter();
      try {
        checkReadable();
        return advance();
      } finally {
        guard.exit();
      }
    }

    @Override
    public final E next() {
      guard.enter();
      try {
        checkReadable();
        if (!advance()) {
          throw new NoSuchElementException("nothing is left to read");
        }
        return take();
      } finally {
        guard.exit();
      }
    }
  }

  private final class RowIterator extends Walk<T> {
    private @Nullable VectorBatch batch;
    private int row;

    @Override
    boolean advance() {
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
    boolean isAhead() {
      VectorBatch current = batch;
      return current != null && row < current.rows();
    }

    @Override
    T take() {
      VectorBatch current = Objects.requireNonNull(batch);
      T next;
      try {
        next = materializer.row(current, row++);
      } catch (RuntimeException | Error e) {
        fail(e);
        throw e;
      }
      unread = row < current.rows();
      return next;
    }
  }

  private final class BatchIterator extends Walk<ColumnBatch> {
    private @Nullable VectorBatch next;

    @Override
    boolean advance() {
      if (next == null) {
        next = nextBatch();
      }
      return next != null;
    }

    @Override
    boolean isAhead() {
      return next != null;
    }

    @Override
    ColumnBatch take() {
      ColumnBatch batch = Objects.requireNonNull(next);
      next = null;
      unread = false;
      return batch;
    }
  }
}
