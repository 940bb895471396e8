package io.meshwork.internal.ingest.write;

import io.meshwork.internal.parquet.page.StoredPages;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.BatchReader.GroupPages;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.write.CopiedChunk;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A row group of a file with the columns of the table, so that a data file can have its unchanged
 * pages. It belongs to an open file. Not thread-safe.
 */
public final class RowGroupSource {
  private final String file;
  private final ParquetReader reader;
  private final Schema projection;
  private final PageCopyCheck.Fit fit;
  private final GroupPages pages;
  private final SourceStep reading;
  private boolean complete;

  /** Reads a part of a file again, and translates what fails. */
  public interface SourceStep {
    <T extends @Nullable Object> T of(Supplier<T> step);
  }

  /**
   * Creates a source.
   *
   * @param file the name of the file, for messages
   * @param projection the columns that are read
   * @param pages of the row group that were read so far
   * @param reading translates what fails
   */
  public RowGroupSource(
      String file,
      ParquetReader reader,
      Schema projection,
      PageCopyCheck.Fit fit,
      GroupPages pages,
      SourceStep reading) {
    this.file = file;
    this.reader = reader;
    this.projection = projection;
    this.fit = fit;
    this.pages = pages;
    this.reading = reading;
  }

  /** The name of the file, for messages. */
  String file() {
    return file;
  }

  /** True if pages of the same file belong to this row group. */
  public boolean isOf(GroupPages other) {
    return pages.group() == other.group();
  }

  /** States that the last batch was the last one of the row group. */
  public void end() {
    complete = true;
  }

  /** True if all rows of the row group were read. */
  boolean isComplete() {
    return complete;
  }

  /** The columns of the table, optional or required as in the file. */
  Schema schema() {
    return fit.schema();
  }

  /** True if no column has too many pages for its size, a huge one, or one with other bytes. */
  boolean hasSensiblePages() {
    return pages.columns().values().stream().allMatch(StoredPages::areSensible);
  }

  /** True if a dictionary has a value that no row has, so that it was not checked. */
  boolean hasUnusedEntries() {
    return pages.columns().values().stream().anyMatch(StoredPages::hasUnusedEntries);
  }

  /** The pages that were read so far, in the order of the leaves of {@link #schema}. */
  List<CopiedChunk> chunks() {
    List<CopiedChunk> chunks = new ArrayList<>();
    for (int leaf : fit.leaves()) {
      StoredPages stored = Objects.requireNonNull(pages.columns().get(leaf));
      chunks.add(
          new CopiedChunk(
              stored.codec(),
              stored.values(),
              stored.headers(),
              number -> reading.of(() -> stored.body(number))));
    }
    return chunks;
  }

  /** Reads the first rows of the row group again; their pages have to be the same. */
  void readAgain(long rows, Consumer<VectorBatch> to) {
    Schema table = fit.table();
    try (BatchReader again = reader.readOffered(projection, pages)) {
      long remaining = rows;
      while (remaining > 0) {
        VectorBatch read = Objects.requireNonNull(reading.of(again::next));
        VectorBatch batch = new VectorBatch(table, read.vectors());
        int some = (int) Math.min(remaining, batch.rows());
        to.accept(some == batch.rows() ? batch : batch.gather(first(some)));
        remaining -= some;
      }
    }
  }

  private static int[] first(int rows) {
    int[] numbers = new int[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = i;
    }
    return numbers;
  }
}
