package io.meshwork.internal.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Rows;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.Snapshot;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a scan of a snapshot's files returns.
 *
 * @param <T> the type of a row
 */
final class ScannedRows<T> implements Rows<T> {
  private final Optional<Snapshot> snapshot;
  private final Schema columns;
  private final SnapshotScan scan;
  private final RowMaterializer<T> materializer;
  private final ReaderRecords records;
  private final Runnable onClose;
  private final RowStreamErrors errors;
  private final ClientSession session;
  private final ThreadGuard guard;
  private @Nullable Throwable failure;
  private boolean returned;
  private boolean unread;
  private boolean closed;

  ScannedRows(
      Optional<Snapshot> snapshot,
      Schema columns,
      SnapshotScan scan,
      RowMaterializer<T> materializer,
      ReaderRecords records,
      ClientSession session,
      MeshAction action,
      RowStreamErrors errors) {
    this.snapshot = snapshot;
    this.columns = columns;
    this.scan = scan;
    this.materializer = materializer;
    this.records = records;
    this.session = session;
    this.onClose = session.opened(action);
    this.errors = errors;
    this.guard = errors.guard();
  }

  @Override
  public Optional<Snapshot> snapshot() {
    return snapshot;
  }

  @Override
  public List<String> columns() {
    return columns.columns().stream().map(Types.NestedField::name).toList();
  }

  @Override
  public Iterator<T> iterator() {
    checkFirstUse();
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
    checkFirstUse();
    return new BatchIterator();
  }

  @Override
  public long writeParquet(OutputStream out) {
    OutputStream target = ArgumentChecks.required("writeParquet", out);
    return ParquetRows.write(
        batches(), columns, target, session.runtime().workers(), errors.action().subject());
  }

  @Override
  public void close() {
    guard.enter();
    try {
      onClose.run();
      scan.close();
      records.close();
      closed = true;
    } finally {
      guard.exit();
    }
  }

  @Override
  public String toString() {
    return "rows of "
        + errors.action().subject()
        + snapshot.map(each -> ", snapshot " + each.id()).orElse(", before its first publish");
  }

  /** Returns true if this was closed before its last row was read. */
  boolean isClosedEarly() {
    return closed && (unread || !scan.isAtEnd());
  }

  private @Nullable VectorBatch nextBatch() {
    try {
      VectorBatch batch = scan.next();
      unread = batch != null && batch.rows() > 0;
      if (batch != null) {
        records.beforeRows();
      }
      return batch;
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    }
  }

  private void checkFirstUse() {
    guard.enter();
    try {
      if (returned) {
        throw errors.usedTwice();
      }
      checkReadable();
      returned = true;
    } finally {
      guard.exit();
    }
  }

  /** Rejects reading after a failure, or after this or the mesh was closed before the last row. */
  private void checkReadable() {
    if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException exception) {
      throw exception;
    } else if (isClosedEarly()) {
      throw errors.closed();
    } else if (unread || !scan.isAtEnd()) {
      session.checkOpen(errors.action());
    }
  }

  /** After a failure, it is unknown which rows remain. */
  private void fail(Throwable reason) {
    failure = reason;
    unread = true;
  }

  /** An iterator that checks each call for other threads, failures and closing. */
  private abstract class GuardedIterator<E> implements Iterator<E> {
    /** Reads the next element if necessary; returns false at the end. */
    abstract boolean advance();

    /** Returns true if the next element was read already. */
    abstract boolean isAhead();

    /** Returns the element that {@link #advance} found. */
    abstract E take();

    @Override
    public final boolean hasNext() {
      // Most calls change nothing; checking is cheaper than entering the guard.
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
          throw new NoSuchElementException("all rows were read");
        }
        return take();
      } finally {
        guard.exit();
      }
    }
  }

  private final class RowIterator extends GuardedIterator<T> {
    private Iterator<T> rows = Collections.emptyIterator();

    @Override
    boolean advance() {
      while (!rows.hasNext()) {
        VectorBatch batch = nextBatch();
        if (batch == null) {
          return false;
        }
        rows = materializer.rows(batch);
      }
      return true;
    }

    @Override
    boolean isAhead() {
      return rows.hasNext();
    }

    @Override
    T take() {
      T next;
      try {
        next = rows.next();
      } catch (RuntimeException | Error e) {
        fail(e);
        throw e;
      }
      unread = rows.hasNext();
      return next;
    }
  }

  private final class BatchIterator extends GuardedIterator<ColumnBatch> {
    private @Nullable VectorBatch next;
    private @Nullable VectorBatch returned;

    @Override
    boolean advance() {
      if (next == null) {
        if (returned != null) {
          returned.expire();
        }
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
      VectorBatch batch = Objects.requireNonNull(next);
      next = null;
      unread = false;
      // Expires alone: the scan may return its own batch again.
      returned = new VectorBatch(batch.schema(), batch.vectors());
      return returned;
    }
  }
}
