package io.meshwork.internal.scan;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * The data files of a scan in order. With an executor, the next few are opened while the rows of
 * one are read, because opening a file of an object store takes a request. Not thread-safe.
 */
final class DataFileQueue implements AutoCloseable {
  /** The files that are opened ahead. */
  private static final int AHEAD = 4;

  private final Iterator<DataFile> files;
  private final Function<DataFile, ParquetReader> open;
  private final @Nullable Executor executor;
  private final MeshAction action;
  private final Deque<AheadFile> ahead = new ArrayDeque<>();
  private long rowsAhead;

  /**
   * A queue of files.
   *
   * @param open opens a file; on the executor, too
   * @param executor null to open each file when it is reached
   */
  DataFileQueue(
      Iterator<DataFile> files,
      Function<DataFile, ParquetReader> open,
      @Nullable Executor executor,
      MeshAction action) {
    this.files = files;
    this.open = open;
    this.executor = executor;
    this.action = action;
  }

  /** Returns true if no file is left. */
  boolean isEmpty() {
    return ahead.isEmpty() && !files.hasNext();
  }

  /** Returns the next file, which is not open yet unless it was opened ahead. */
  DataFile peek() {
    return next().file;
  }

  /**
   * Removes the next file and returns its reader, and opens further files ahead.
   *
   * @param rows the rows that are wanted of this file and further ones
   * @throws RuntimeException if opening the file failed
   */
  ParquetReader take(long rows) {
    AheadFile next = next();
    ahead.remove();
    rowsAhead -= next.file.recordCount();
    long rowsAfter = rows - next.file.recordCount();
    while (executor != null && ahead.size() < AHEAD && rowsAhead < rowsAfter && files.hasNext()) {
      startOpening(add(), executor);
    }
    return next.reader(action);
  }

  private AheadFile next() {
    return ahead.isEmpty() ? add() : ahead.element();
  }

  private AheadFile add() {
    AheadFile added = new AheadFile(files.next());
    ahead.add(added);
    rowsAhead += added.file.recordCount();
    return added;
  }

  private static void startOpening(AheadFile file, Executor executor) {
    try {
      executor.execute(file);
    } catch (RuntimeException e) {
      // The executor rejects tasks or fails: the file is opened when it is reached.
    }
  }

  /** Closes the files that were opened ahead. */
  @Override
  public void close() {
    if (!ahead.isEmpty()) {
      try (this) {
        ahead.remove().discard();
      }
    }
  }

  /** A file that is opened once, by whichever thread is first. */
  private final class AheadFile implements Runnable {
    private final DataFile file;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<ParquetReader> opened = new CompletableFuture<>();

    AheadFile(DataFile file) {
      this.file = file;
    }

    @Override
    public void run() {
      if (!started.compareAndSet(false, true)) {
        return;
      }
      try {
        ParquetReader reader = open.apply(file);
        if (!opened.complete(reader)) {
          reader.close();
        }
      } catch (RuntimeException | Error e) {
        opened.completeExceptionally(e);
      }
    }

    ParquetReader reader(MeshAction action) {
      run();
      try {
        return opened.get();
      } catch (InterruptedException e) {
        discard();
        throw ThreadInterruption.ofRead(action, e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) e.getCause();
      }
    }

    /** Closes the reader now, or as soon as it is open. */
    void discard() {
      started.set(true);
      if (!opened.cancel(false) && !opened.isCompletedExceptionally()) {
        opened.join().close();
      }
    }
  }
}
