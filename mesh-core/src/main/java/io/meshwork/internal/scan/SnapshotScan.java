package io.meshwork.internal.scan;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.FileRowGroups;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns of a pinned snapshot batch by batch. With an executor, it also reads columns, row
 * groups, and the next batches there, and opens the next few files. Not thread-safe.
 */
public final class SnapshotScan implements AutoCloseable {
  private final FileIO io;
  private final List<DataFile> files;
  private final Schema projection;
  private final Schema read;
  private final ScanFilter filter;
  private final MeshAction action;
  private final @Nullable FixedSizeBatches fixedSize;
  private EmptyCollections empty = EmptyCollections.NONE;
  private BiFunction<String, NotFoundException, Optional<? extends RuntimeException>> missing =
      (file, failure) -> Optional.empty();
  private ColumnNames names = ColumnNames.NONE;
  private FooterCache footers = new FooterCache(0);
  private @Nullable Executor executor;
  private @Nullable ReadAheadBatches ahead;
  private @Nullable DataFileQueue queue;
  private long remaining;
  private boolean ended;
  private boolean closed;

  private @Nullable RuntimeException failure;
  private @Nullable String location;
  private @Nullable ParquetReader file;
  private @Nullable BatchReader batches;

  private SnapshotScan(
      FileIO io,
      List<DataFile> files,
      Schema projection,
      Schema read,
      ScanFilter filter,
      long limit,
      MeshAction action) {
    this.io = io;
    // As in Iceberg's own scans: a file without rows may not exist.
    this.files = files.stream().filter(file -> file.recordCount() > 0).toList();
    this.projection = projection;
    this.read = read;
    this.filter = filter;
    this.remaining = limit;
    this.action = action;
    // The sizes of batches would reveal hidden rows.
    this.fixedSize =
        filter.mask().hidesRows() ? new FixedSizeBatches(projection, this::readNext) : null;
  }

  /**
   * Scans all rows of data files.
   *
   * @param projection the columns to read, with the table's field IDs
   * @param limit the maximum number of rows
   * @param action the action, for messages, such as {@code read commerce/orders}
   */
  public static SnapshotScan of(
      FileIO io, List<DataFile> files, Schema projection, long limit, MeshAction action) {
    return new SnapshotScan(io, files, projection, projection, ScanFilter.ALL, limit, action);
  }

  /**
   * Scans the matching rows of data files. The filter's columns may be absent from the projection.
   *
   * @param projection the columns to return, with the table's field IDs
   * @param table the columns of the table
   * @param limit the maximum number of rows
   * @param action as above
   */
  public static SnapshotScan of(
      FileIO io,
      List<DataFile> files,
      Schema projection,
      Schema table,
      RowPredicate filter,
      long limit,
      MeshAction action) {
    return of(io, files, projection, table, ScanFilter.ALL.and(filter), limit, action);
  }

  /**
   * Scans the selected rows of data files. The filter's columns may be absent from the projection.
   *
   * @param table the columns of the table
   */
  public static SnapshotScan of(
      FileIO io,
      List<DataFile> files,
      Schema projection,
      Schema table,
      ScanFilter filter,
      long limit,
      MeshAction action) {
    ScanFilter over = filter.over(projection);
    Schema read = ScanColumns.with(projection, table, over.fieldIds());
    return new SnapshotScan(io, files, projection, read, over, limit, action);
  }

  /**
   * Distinguishes a file that maintenance removed from a damaged one. The function is called with
   * the location of a missing file, and the failure, before the scan reports damage.
   *
   * @param explanation returns the exception to throw; empty if the file must exist
   */
  public SnapshotScan whenMissing(
      BiFunction<String, NotFoundException, Optional<? extends RuntimeException>> explanation) {
    missing = explanation;
    return this;
  }

  /** Finds columns of files that other programs wrote; without names, such a file is rejected. */
  public SnapshotScan named(ColumnNames columns) {
    names = columns;
    return this;
  }

  /**
   * Reads files of a table: finds columns of files that other programs wrote, and distinguishes
   * files that the table no longer needs from missing ones.
   */
  public SnapshotScan from(Table table) {
    return named(ColumnNames.of(table))
        .whenMissing((file, failure) -> PublishedFile.removed(table, file, action, failure));
  }

  /** Opens files with known footers, and caches the footers that it reads. */
  public SnapshotScan withFooters(FooterCache footerCache) {
    footers = footerCache;
    return this;
  }

  /** Reads columns, row groups, and the next batches on an executor, too, and opens files there. */
  public SnapshotScan on(Executor workers) {
    executor = workers;
    return this;
  }

  /**
   * Returns empty lists and maps where the files contain null but the contract allows no null.
   *
   * @param contract the schema of the contract
   */
  public SnapshotScan filling(org.apache.avro.Schema contract) {
    empty = EmptyCollections.of(projection, contract);
    return this;
  }

  /**
   * The next rows; null at the end. A batch is valid until the next call. After a failure, each
   * call fails again.
   *
   * @throws io.meshwork.error.BackendException if a file, which the message names, is missing or
   *     damaged, or if the thread was interrupted
   * @throws IllegalStateException if the scan was closed before the end
   */
  public @Nullable VectorBatch next() {
    if (isAtEnd()) {
      ended = true;
      closeFile();
      return null;
    }
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw new IllegalStateException("the scan was closed before its end");
    }
    try {
      VectorBatch batch = read();
      ended = batch == null;
      return batch;
    } catch (RuntimeException e) {
      failure = e;
      close();
      throw e;
    }
  }

  /**
   * True if no rows are left. Also true before the first call of {@link #next} if no file exists.
   */
  public boolean isAtEnd() {
    return ended
        || ((fixedSize == null || !fixedSize.hasRemaining())
            && (remaining == 0
                || (failure == null && !closed && !hasBegun() && queue().isEmpty())));
  }

  /** Returns true if a file is being read; with an executor, other threads then open files. */
  private boolean hasBegun() {
    return batches != null || ahead != null;
  }

  private @Nullable VectorBatch read() {
    return fixedSize == null ? readNext() : fixedSize.next();
  }

  private @Nullable VectorBatch readNext() {
    try {
      if (Thread.currentThread().isInterrupted()) {
        throw ThreadInterruption.ofRead(action, null);
      }
      return executor == null ? readFiles() : readAhead(executor);
    } catch (UnreadableFileException | ColumnMismatchException | NotFoundException e) {
      if (e instanceof NotFoundException absent) {
        Optional<? extends RuntimeException> expired =
            missing.apply(String.valueOf(location), absent);
        if (expired.isPresent()) {
          throw expired.get();
        }
      }
      if (e instanceof UnreadableFileException limited && limited.reason() == Reason.LIMIT) {
        throw Failure.of(action)
            .because(
                "the data file "
                    + fileName()
                    + " "
                    + (filter.mask().isNone()
                        ? PublishedFile.state(e)
                        : "needs more memory than there is"))
            .state("The rows returned so far are valid.")
            .fix(PublishedFile.MORE_MEMORY)
            .cause(filter.mask().isNone() ? e : null)
            .passing(ErrorCode.BACKEND_FAILED);
      }
      throw Failure.of(action)
          .because(
              "the data file "
                  + fileName()
                  + " "
                  + (filter.mask().isNone() ? PublishedFile.state(e) : "is missing or damaged"))
          .state("The rows returned so far are valid.")
          .fix(
              "Restore the file from a backup in which doctorWithChecksums() finds it undamaged, or"
                  + " read an earlier snapshot without it.")
          .cause(filter.mask().isNone() ? e : null)
          .lasting(ErrorCode.DATA_DAMAGED);
    } catch (UncheckedIOException e) {
      if (ThreadInterruption.isCauseOf(e)) {
        throw ThreadInterruption.ofRead(action, filter.mask().isNone() ? e : null);
      }
      throw Failure.of(action)
          .because("the data file " + fileName() + " could not be read")
          .fix("Try again.")
          .cause(filter.mask().isNone() ? e : null)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  /** Reads the next rows of the files on this thread; null at the end. */
  private @Nullable VectorBatch readFiles() {
    while (remaining > 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw ThreadInterruption.ofRead(action, null);
      }
      BatchReader open = batches;
      if (open != null) {
        VectorBatch batch = open.next();
        if (batch == null) {
          closeFile();
          continue;
        }
        return limit(visible(batch));
      }
      if (queue().isEmpty()) {
        return null;
      }
      location = queue().peek().location();
      ParquetReader opened = queue().take(filter.isAll() ? remaining : Long.MAX_VALUE);
      file = opened;
      batches = read(opened);
    }
    closeFile();
    return null;
  }

  /** Returns the next rows, which several threads read; null at the end. */
  private @Nullable VectorBatch readAhead(Executor workers) {
    ReadAheadBatches from = ahead;
    if (from == null) {
      ScanRowGroups groups =
          new ScanRowGroups(
              queue(), opened -> read(opened, workers), this::visible, !filter.isAll(), remaining);
      from = new ReadAheadBatches(workers, groups);
      ahead = from;
    }
    VectorBatch batch = null;
    try {
      batch = remaining == 0 ? null : from.next();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw ThreadInterruption.ofRead(action, filter.mask().isNone() ? e : null);
      }
      throw e;
    } finally {
      location = ScanRowGroups.location(from.lastGroup());
    }
    if (batch == null && Thread.currentThread().isInterrupted()) {
      throw ThreadInterruption.ofRead(action, null);
    }
    if (batch == null) {
      closeFile();
      return null;
    }
    return limit(filter.isAll() ? visible(batch) : batch);
  }

  @Override
  public void close() {
    ended = isAtEnd();
    closed = true;
    closeFile();
    queue().close();
  }

  /** The files, once the options are set. */
  private DataFileQueue queue() {
    if (queue == null) {
      queue = new DataFileQueue(files.iterator(), this::open, executor, action);
    }
    return queue;
  }

  private ParquetReader open(DataFile next) {
    return PublishedFile.open(io, names, next, footers);
  }

  private BatchReader read(ParquetReader opened) {
    return selectsFrom(opened)
        ? opened.read(read, ColumnMatch.BY_FIELD_ID, filter.over(opened))
        : opened.read(read, ColumnMatch.BY_FIELD_ID);
  }

  private FileRowGroups read(ParquetReader opened, Executor workers) {
    return opened.readRowGroups(
        read, ColumnMatch.BY_FIELD_ID, selectsFrom(opened) ? filter.over(opened) : null, workers);
  }

  /** Without field IDs, columns of files cannot be matched with columns of the table. */
  private boolean selectsFrom(ParquetReader opened) {
    return !filter.isAll() && opened.hasFieldIds();
  }

  /** The selected rows of a file as their reader sees them. Called by any thread. */
  private VectorBatch visible(VectorBatch batch) {
    if (filter.isAll()) {
      return empty.fill(batch);
    }
    // Stored nulls become empty collections; masked values remain null.
    return filter.mask().hidesCells()
        ? filter.mask().maskedColumns(empty.fill(batch)).select(projection)
        : empty.fill(batch.select(projection));
  }

  private VectorBatch limit(VectorBatch batch) {
    if (batch.rows() <= remaining) {
      remaining -= batch.rows();
      return batch;
    }
    int[] first = IntStream.range(0, (int) remaining).toArray();
    remaining = 0;
    return batch.gather(first);
  }

  /** The file name without folders, which contain partition values. */
  private String fileName() {
    return location == null ? "" : location.substring(location.lastIndexOf('/') + 1);
  }

  private void closeFile() {
    if (ahead != null) {
      ahead.close();
    }
    if (batches != null) {
      batches.close();
      batches = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
