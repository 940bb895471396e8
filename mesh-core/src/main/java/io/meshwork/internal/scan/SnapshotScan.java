package io.meshwork.internal.scan;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.FooterCache;
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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns of a pinned snapshot batch by batch, from one file at a time. With an executor, it
 * also decodes columns there, reads the next batch, and opens the next few files. Not thread-safe.
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
  private Function<String, Optional<? extends RuntimeException>> missing = any -> Optional.empty();
  private ColumnNames names = ColumnNames.NONE;
  private FooterCache footers = new FooterCache(0);
  private @Nullable Executor executor;
  private @Nullable AheadBatches ahead;
  private volatile boolean stopped;

  /** The thread that asks for batches. The interrupts of an executor's threads are not its own. */
  private volatile @Nullable Thread caller;

  private @Nullable DataFileQueue queue;
  private long remaining;
  private boolean ended;
  private boolean closed;

  /** Whether a batch that was read ahead was dropped. */
  private boolean dropped;

  private @Nullable RuntimeException failure;
  private @Nullable String location;
  private @Nullable ParquetReader file;
  private volatile @Nullable BatchReader batches;

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
   * the location of a missing file before the scan reports damage.
   *
   * @param explanation returns the exception to throw; empty if the file must exist
   */
  public SnapshotScan whenMissing(
      Function<String, Optional<? extends RuntimeException>> explanation) {
    missing = explanation;
    return this;
  }

  /** Finds columns of files that other programs wrote; without names, such a file is rejected. */
  public SnapshotScan named(ColumnNames columns) {
    names = columns;
    return this;
  }

  /** Opens files with the footers that are known, and keeps those that it reads. */
  public SnapshotScan withFooters(FooterCache known) {
    footers = known;
    return this;
  }

  /** Decodes columns, reads the next batch, and opens files on an executor, too. */
  public SnapshotScan on(Executor workers) {
    executor = workers;
    ahead = new AheadBatches(workers, new FileRows());
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
    if (ahead != null && ahead.isAhead()) {
      // Another thread may be reading; whether rows are left shows when its batch is taken.
      return ended;
    }
    return ended
        || (!dropped
            && (fixedSize == null || !fixedSize.hasRemaining())
            && (remaining == 0
                || (failure == null && batches == null && !closed && queue().isEmpty())));
  }

  private @Nullable VectorBatch read() {
    return fixedSize == null ? readNext() : fixedSize.next();
  }

  private @Nullable VectorBatch readNext() {
    try {
      caller = Thread.currentThread();
      if (caller.isInterrupted()) {
        throw ThreadInterruption.ofRead(action, null);
      }
      VectorBatch batch = ahead == null ? readFiles(false) : ahead.next();
      if (stopped) {
        throw ThreadInterruption.ofRead(action, null);
      }
      return batch;
    } catch (UnreadableFileException | ColumnMismatchException | NotFoundException e) {
      if (e instanceof NotFoundException) {
        Optional<? extends RuntimeException> expired = missing.apply(String.valueOf(location));
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

  /**
   * Reads the next rows of the files, on any thread; null at the end, or once the scan is stopped.
   *
   * @param beside true if the batch before it remains valid
   */
  private @Nullable VectorBatch readFiles(boolean beside) {
    while (remaining > 0) {
      Thread current = Thread.currentThread();
      if (stopped || (current == caller && current.isInterrupted())) {
        stopped = true;
        return null;
      }
      BatchReader open = batches;
      if (open != null) {
        VectorBatch batch = open.next(beside);
        if (batch == null) {
          closeFile();
          continue;
        }
        VectorBatch selected = visible(batch);
        return filter.mask().hidesCells() ? limit(selected) : empty.fill(limit(selected));
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

  /** The rows of the files for a read ahead. */
  private final class FileRows implements AheadBatches.Source {
    @Override
    public @Nullable VectorBatch next(boolean beside) {
      return readFiles(beside);
    }

    @Override
    public boolean wantsMore() {
      return remaining > 0;
    }

    @Override
    public void stop() {
      stopped = true;
      BatchReader open = batches;
      if (open != null) {
        open.stop();
      }
    }
  }

  @Override
  public void close() {
    ended = isAtEnd();
    closed = true;
    if (ahead != null && ahead.isAhead()) {
      ahead.close();
      dropped = true;
    }
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
    ParquetReader opened = PublishedFile.open(io, names, next, footers);
    return ahead == null || executor == null
        ? opened
        : opened.decodingOn(ahead.executor(), executor);
  }

  /** Without field IDs, columns of files cannot be matched with those of the table. */
  private BatchReader read(ParquetReader opened) {
    return filter.isAll() || !opened.hasFieldIds()
        ? opened.read(read, ColumnMatch.BY_FIELD_ID).upTo(remaining)
        : opened.read(read, ColumnMatch.BY_FIELD_ID, filter.over(opened));
  }

  /** The selected rows of a file as their reader sees them. */
  private VectorBatch visible(VectorBatch batch) {
    if (filter.isAll()) {
      return batch;
    }
    // Stored nulls become empty collections; masked values remain null.
    VectorBatch masked =
        filter.mask().hidesCells() ? filter.mask().maskedColumns(empty.fill(batch)) : batch;
    return masked.select(projection);
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
