package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.footer.FooterStatistics;
import io.meshwork.internal.parquet.page.ColumnTasks;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import java.util.Collections;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * The row groups of a file with rows to read, in order; several are open at the same time. One
 * thread at a time opens row groups; another may give them back.
 */
public final class FileRowGroups implements AutoCloseable {
  private final FileRead shared;
  private final FileProjection finder;
  private final Schema projection;
  private final @Nullable ReadFilter filter;
  private final ColumnTasks tasks;
  private final Queue<RowGroupReader> readers = new ConcurrentLinkedQueue<>();
  private final Queue<RowGroupReader> idle = new ConcurrentLinkedQueue<>();
  private int next;
  private volatile boolean stopped;

  FileRowGroups(
      FileFooter footer,
      SeekableInputStream in,
      Schema projection,
      ColumnMatch match,
      @Nullable ReadFilter filter,
      Executor executor) {
    this.shared = FileRead.of(footer, in, true);
    this.finder = FileProjection.of(footer, match, false);
    this.projection = projection;
    this.filter = filter;
    this.tasks = new ColumnTasks(executor);
  }

  /**
   * Opens the next row group that may have rows to read; null if there is none, or once stopped.
   *
   * @param ahead true if rows of earlier row groups are read first
   */
  public @Nullable RowGroupReader next(boolean ahead) {
    FileFooter footer = shared.footer();
    while (next < footer.groups().size() && !stopped) {
      int number = next++;
      if (filter == null || mightContain(filter, number)) {
        RowGroupReader pooled = idle.poll();
        RowGroupReader reader = pooled == null ? newReader() : pooled;
        reader.begin(number, ahead);
        return reader;
      }
    }
    return null;
  }

  /** Returns true if no row group is left to open. */
  public boolean isAtEnd() {
    return next == shared.footer().groups().size();
  }

  private boolean mightContain(ReadFilter selects, int number) {
    FileFooter footer = shared.footer();
    return selects.mightContain(
        number, FooterStatistics.of(footer.groups().get(number), footer.schema()));
  }

  private RowGroupReader newReader() {
    RowGroupReader reader =
        new RowGroupReader(shared, finder, projection, filter, tasks, largest());
    readers.add(reader);
    if (stopped) {
      reader.stop();
    }
    return reader;
  }

  /** Returns the row group with the most rows, by which columns are divided. */
  private RowGroup largest() {
    return Collections.max(
        shared.footer().groups(), Comparator.comparingLong(RowGroup::getNum_rows));
  }

  /** Releases a row group that is no longer read; its last batch remains valid. */
  public void giveBack(RowGroupReader reader) {
    reader.end();
    idle.add(reader);
  }

  /** Ends calls soon, also calls of the readers of row groups. Called by any thread. */
  public void stop() {
    stopped = true;
    readers.forEach(RowGroupReader::stop);
  }

  /** Releases memory; nothing is read any longer. The file stays open. Idempotent. */
  @Override
  public void close() {
    stopped = true;
    readers.forEach(RowGroupReader::release);
    shared.decompressor().close();
  }
}
