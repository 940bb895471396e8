package io.meshwork.internal.scan;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.FooterRowGroup;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.table.PublishedFile;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Walks the wanted columns of a pinned snapshot, batch by batch, one file open at a time. Not
 * thread-safe.
 */
public final class SnapshotScan implements AutoCloseable {
  private final FileIO io;
  private final Iterator<DataFile> files;
  private final Schema projection;
  private final Schema read;
  private final ScanFilter choice;
  private final MeshAction action;
  private final @Nullable FixedSizeBatches even;
  private EmptyCollections empty = EmptyCollections.NONE;
  private Function<String, Optional<? extends RuntimeException>> missing = any -> Optional.empty();
  private long left;
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
      ScanFilter choice,
      long limit,
      MeshAction action) {
    this.io = io;
    // As Iceberg's own scans do: a writer of no rows may have named a file and made none.
    this.files = files.stream().filter(file -> file.recordCount() > 0).iterator();
    this.projection = projection;
    this.read = read;
    this.choice = choice;
    this.left = limit;
    this.action = action;
    // How rows lie in files tells of those in between.
    this.even = choice.mask().hidesRows() ? new FixedSizeBatches(projection, this::readOn) : null;
  }

  /**
   * A scan of these files.
   *
   * @param projection the wanted columns with the table's field ids
   * @param limit at most so many rows
   * @param action what is being done, for messages, such as {@code read commerce/orders}
   */
  public static SnapshotScan of(
      FileIO io, List<DataFile> files, Schema projection, long limit, MeshAction action) {
    return new SnapshotScan(io, files, projection, projection, ScanFilter.ALL, limit, action);
  }

  /**
   * A scan of the rows of these files that match. The filter's columns are read even where they are
   * not wanted, and then left out.
   *
   * @param projection the wanted columns with the table's field ids
   * @param table the columns that the filter was read for
   * @param limit at most so many rows that match
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
   * A scan of some of the rows of these files; what the choice asks is read as above.
   *
   * @param table the columns that its filters were read for
   */
  public static SnapshotScan of(
      FileIO io,
      List<DataFile> files,
      Schema projection,
      Schema table,
      ScanFilter choice,
      long limit,
      MeshAction action) {
    ScanFilter over = choice.over(projection);
    Schema read = ScanColumns.with(projection, table, over.fieldIds());
    return new SnapshotScan(io, files, projection, read, over, limit, action);
  }

  /**
   * Distinguishes a file that maintenance removed from a damaged one: asked with the location of a
   * missing file before the scan reports damage.
   *
   * @param explanation what to throw instead; empty if the file must exist
   */
  public SnapshotScan whenMissing(
      Function<String, Optional<? extends RuntimeException>> explanation) {
    missing = explanation;
    return this;
  }

  /** Gives empty lists and maps where these columns are null. */
  public SnapshotScan filling(EmptyCollections collections) {
    empty = collections;
    return this;
  }

  /**
   * The next rows; null at the end. A batch is valid until the next is asked for. A scan that
   * failed fails again: what it has not read must not look like the end.
   *
   * @throws BackendException if a file is missing or damaged, naming it, or the thread was
   *     interrupted
   * @throws IllegalStateException if it was closed before the end
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

  /** True once there are no more rows, also if nobody asked for them, as of no files at all. */
  public boolean isAtEnd() {
    return ended
        || ((even == null || !even.holdsRows())
            && (left == 0 || (failure == null && batches == null && !closed && !files.hasNext())));
  }

  private @Nullable VectorBatch read() {
    return even == null ? readOn() : even.next();
  }

  private @Nullable VectorBatch readOn() {
    try {
      while (left > 0) {
        if (Thread.currentThread().isInterrupted()) {
          throw ThreadInterruption.ofRead(action, null);
        }
        if (batches != null) {
          VectorBatch batch = batches.next();
          if (batch == null) {
            closeFile();
            continue;
          }
          VectorBatch wanted = matching(batch);
          if (wanted.rows() > 0) {
            return choice.mask().masks() ? limited(wanted) : empty.fill(limited(wanted));
          }
          continue;
        }
        if (!files.hasNext()) {
          return null;
        }
        DataFile next = files.next();
        location = next.location();
        ParquetReader opened = PublishedFile.open(io, next);
        file = opened;
        batches = opened.read(read, ColumnMatch.BY_FIELD_ID, rowGroupFilter(opened));
      }
      closeFile();
      return null;
    } catch (MalformedFileException | ColumnMismatchException | NotFoundException e) {
      if (e instanceof NotFoundException) {
        Optional<? extends RuntimeException> expired = missing.apply(String.valueOf(location));
        if (expired.isPresent()) {
          throw expired.get();
        }
      }
      throw Failure.of(action)
          .because(
              "the data file "
                  + fileName()
                  + " "
                  + (choice.mask().isNone() ? PublishedFile.state(e) : "is missing or damaged"))
          .state("Rows handed out so far are whole.")
          .fix(
              "Restore the file from a backup in which doctorWithChecksums() finds it whole, or read an earlier snapshot that does not name it.")
          .cause(choice.mask().isNone() ? e : null)
          .lasting(ErrorCode.DATA_DAMAGED);
    } catch (UncheckedIOException e) {
      if (ThreadInterruption.isCauseOf(e)) {
        throw ThreadInterruption.ofRead(action, choice.mask().isNone() ? e : null);
      }
      throw Failure.of(action)
          .because("the data file " + fileName() + " could not be read")
          .fix("Try again.")
          .cause(choice.mask().isNone() ? e : null)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  @Override
  public void close() {
    ended = isAtEnd();
    closed = true;
    closeFile();
  }

  /**
   * Which row groups to read, each asked in its turn: bounds first, then bloom filters. Without
   * field ids the footer's columns are not those of the table.
   */
  private java.util.function.Predicate<FooterRowGroup> rowGroupFilter(ParquetReader opened) {
    if (choice.isAll() || !opened.hasFieldIds()) {
      return group -> true;
    }
    Schema columns = opened.schema();
    AtomicInteger next = new AtomicInteger();
    return group -> {
      int number = next.getAndIncrement();
      return choice.mightContain(group, columns) && choice.mightContain(opened, number);
    };
  }

  private VectorBatch matching(VectorBatch batch) {
    if (choice.isAll()) {
      return batch;
    }
    // Empty collections are found in what is stored: a null behind the mask stays one.
    VectorBatch shown =
        choice.mask().masks() ? choice.mask().maskedColumns(empty.fill(batch)) : batch;
    int[] rows = choice.of(batch, shown);
    VectorBatch columns = shown.select(projection);
    return rows.length == batch.rows() ? columns : columns.gather(rows);
  }

  private VectorBatch limited(VectorBatch batch) {
    if (batch.rows() <= left) {
      left -= batch.rows();
      return batch;
    }
    int[] first = IntStream.range(0, (int) left).toArray();
    left = 0;
    return batch.gather(first);
  }

  /** The name alone: folders carry values of partitions. */
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
