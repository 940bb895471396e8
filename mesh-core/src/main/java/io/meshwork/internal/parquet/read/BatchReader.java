package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.EncryptedFiles;
import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.footer.FooterReader;
import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.footer.FooterStatistics;
import io.meshwork.internal.parquet.footer.PageIndexReader;
import io.meshwork.internal.parquet.footer.RowRanges;
import io.meshwork.internal.parquet.page.AdjacentChunks;
import io.meshwork.internal.parquet.page.ChunkBytes;
import io.meshwork.internal.parquet.page.ColumnTasks;
import io.meshwork.internal.parquet.page.StoredPages;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a Parquet file as batches, in file order, with the columns of a projection.
 *
 * <p>Byte strings (text, binary, fixed, UUID, decimals of more than 18 digits) are returned as
 * {@link DictionaryVector} if all rows of a batch are indices into one dictionary: rules can
 * evaluate each entry once, other callers use {@link Vector#flat()}. All other columns, and nested
 * ones with all their parts, are flat. Text is not validated as UTF-8; map keys are not checked for
 * duplicates. A batch never spans row groups. Holds a window of the compressed bytes of each
 * projected column. Not thread-safe; {@link RowGroupReader} reads with several threads.
 */
public final class BatchReader implements AutoCloseable {
  /** The target size of a batch in bytes: wide rows are returned in smaller batches. */
  private static final long BATCH_BYTES = BatchLimit.share(16, 4L << 20, 64L << 20);

  /** The target number of values in a batch, over all columns. */
  private static final long BATCH_VALUES = 16 << 20;

  private final FileRead shared;
  private final FileFooter footer;
  private final Schema projection;
  private final List<ColumnSource> sources;
  private final List<ChunkReader> leaves;
  private final List<NestedLeafReader> nestedLeaves;

  /** Selects row groups; null for all. */
  private final @Nullable Predicate<FooterRowGroup> wanted;

  private final @Nullable ReadFilter filter;

  /** Reads the rows that the filter selects; null without a filter. */
  private final @Nullable SelectedRowReader selected;

  private final BatchLimit limit;
  private final int windowSize;
  private int nextGroup;
  private int lastGroup;
  private long leftInGroup;

  /** Rows of the next batch, and the same number at the start of the row group. */
  private int batchRows;

  private int groupBatchRows;
  private long firstRow;
  private int lastRows;

  /** The pages of the open row group, by the index of the leaf; null if they are not stored. */
  private @Nullable GroupPages pages;

  private boolean closed;

  /** Whether the only row group to read was chosen. */
  private boolean begun;

  /** Whether batches have vectors of their own. */
  private boolean turned;

  /** Set by another thread to end a read that finds no rows. */
  private volatile boolean stopped;

  /**
   * The pages of one row group that were read.
   *
   * @param group number among the non-empty row groups, from 0
   * @param columns the pages of each column chunk, by the index of its leaf
   */
  public record GroupPages(int group, Map<Integer, StoredPages> columns) {}

  BatchReader(
      FileRead shared,
      Schema projection,
      List<ColumnSource> sources,
      @Nullable Predicate<FooterRowGroup> wanted,
      @Nullable ReadFilter filter,
      BatchLimit limit,
      ColumnTasks tasks) {
    this.shared = shared;
    this.footer = shared.footer();
    this.filter = filter;
    this.selected =
        filter == null ? null : new SelectedRowReader(projection, sources, filter, limit, tasks);
    this.lastGroup = footer.groups().size();
    this.projection = projection;
    this.sources = sources;
    this.wanted = wanted;
    this.limit = limit;
    List<ChunkReader> all = new ArrayList<>();
    sources.forEach(source -> all.addAll(source.leaves()));
    this.leaves = List.copyOf(all);
    this.nestedLeaves =
        all.stream()
            .filter(NestedLeafReader.class::isInstance)
            .map(NestedLeafReader.class::cast)
            .toList();
    this.windowSize = shared.windowSize(leaves.size());
  }

  static BatchReader open(
      FileFooter footer,
      SeekableInputStream in,
      Schema projection,
      ColumnMatch match,
      boolean offered,
      @Nullable Predicate<FooterRowGroup> wanted,
      @Nullable ReadFilter filter,
      BatchLimit limit) {
    FileRead shared = FileRead.of(footer, in, false);
    FileProjection finder = FileProjection.of(footer, match, offered);
    List<ColumnSource> sources = sources(shared, finder, projection, limit);
    return new BatchReader(
        shared, projection, sources, wanted, filter, limit, ColumnTasks.ON_CALLER);
  }

  /** Finds the columns of a projection. */
  static List<ColumnSource> sources(
      FileRead shared, FileProjection finder, Schema projection, BatchLimit limit) {
    List<ColumnSource> sources = new ArrayList<>();
    for (NestedField field : projection.columns()) {
      sources.add(ColumnSource.of(shared.footer(), finder, field, shared.decompressor(), limit));
    }
    return List.copyOf(sources);
  }

  /** Stores the pages of each row group while it is read. Call this before the first batch. */
  public BatchReader storePages() {
    pages = new GroupPages(-1, Map.of());
    return this;
  }

  /**
   * Tells the uncompressed size of each page in bytes, before it is uncompressed: for a caller that
   * limits its work. Call this before the first batch.
   *
   * @param pages may throw to end the read; called by several threads if columns are decoded on an
   *     executor
   */
  public BatchReader countingPages(LongConsumer pages) {
    shared.memory().countPages(pages);
    return this;
  }

  /** Compares the pages with an earlier read of their row group, the only one to read. */
  BatchReader comparing(GroupPages earlier) {
    pages = earlier;
    nextGroup = earlier.group();
    lastGroup = earlier.group() + 1;
    return this;
  }

  /** Returns the pages that were read so far of the row group of the last batch. */
  public GroupPages pages() {
    if (pages == null) {
      throw new IllegalStateException("the pages are not stored");
    }
    return pages;
  }

  /**
   * Returns true if the last batch ends its row group. With a filter, it may also be the last if
   * this is false: whether later pages have selected rows is known when they are read.
   */
  public boolean endsGroup() {
    return leftInGroup == 0;
  }

  /** Returns the columns of each batch. */
  public Schema schema() {
    return projection;
  }

  /**
   * Returns the position in the file, from 0, of the first row of the last batch. Not for a read
   * with a {@link ReadFilter}, whose batches have rows of several places.
   */
  public long firstRow() {
    return firstRow;
  }

  /**
   * Reads the next rows, at most {@link VectorBatch#ROWS}; returns null at the end of the file.
   * Invalidates the previous batch. Throws {@link UnreadableFileException} if the file is corrupt
   * and {@link ColumnMismatchException} if a value does not fit the requested type; close the
   * reader after either.
   */
  public @Nullable VectorBatch next() {
    return next(0);
  }

  /**
   * Reads the next rows as {@link #next()} does, possibly on another thread than before.
   *
   * @param valid how many of the last batches remain valid, whose vectors are not filled again
   */
  public @Nullable VectorBatch next(int valid) {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    firstRow += lastRows;
    lastRows = 0;
    if (valid > 0 || turned) {
      turned = true;
      sources.forEach(source -> source.turn(valid));
    }
    while (true) {
      if (leftInGroup == 0 && !openNextGroup()) {
        return null;
      }
      if (selected == null) {
        return readAll();
      }
      VectorBatch batch = selected.next();
      leftInGroup = selected.isAtEnd() ? 0 : leftInGroup;
      if (batch != null) {
        return batch;
      }
    }
  }

  /** Opens the next row group with rows to read; returns false at the end of the file. */
  private boolean openNextGroup() {
    while (nextGroup < lastGroup && !stopped) {
      int number = nextGroup++;
      RowGroup group = footer.groups().get(number);
      if (mightContain(number, group)) {
        openGroup(group);
        if (leftInGroup > 0) {
          return true;
        }
      } else {
        firstRow += group.getNum_rows();
      }
    }
    return false;
  }

  /** The statistics of all columns are converted only for a read that looks at them. */
  private boolean mightContain(int number, RowGroup group) {
    if (filter != null && !begun) {
      return filter.mightContain(number, FooterStatistics.of(group, footer.schema()));
    }
    return begun || wanted == null || wanted.test(FooterStatistics.of(group, footer.schema()));
  }

  private VectorBatch readAll() {
    @Nullable Vector[] vectors = new Vector[sources.size()];
    int most = (int) Math.min(batchRows, leftInGroup);
    int rows = limit.read(most, leaves, some -> read(vectors, some));
    if (rows < most) {
      batchRows = rows;
    } else if (batchRows < groupBatchRows && limit.hasCapacity(largestFlat())) {
      batchRows = Math.min(groupBatchRows, batchRows * 2);
    }
    leftInGroup -= rows;
    lastRows = rows;
    if (leftInGroup == 0) {
      nestedLeaves.forEach(NestedLeafReader::end);
      if (pages != null) {
        leaves.forEach(ChunkReader::endPage);
      }
    }
    return new VectorBatch(
        projection, Stream.of(vectors).map(Objects::requireNonNull).toList(), rows);
  }

  private void read(@Nullable Vector[] vectors, int rows) {
    for (int i = 0; i < vectors.length; i++) {
      NestedColumn nested = sources.get(i).nested();
      vectors[i] = nested == null ? sources.get(i).read(rows) : nested.read(rows);
    }
  }

  /** Returns the bytes of the byte strings of the largest flat column of the last batch. */
  private long largestFlat() {
    long largest = 0;
    for (ColumnSource source : sources) {
      largest = Math.max(largest, source.flatBytes());
    }
    return largest;
  }

  /** Opens a row group, unless the bounds of its pages prove that no row of it is selected. */
  private void openGroup(RowGroup group) {
    leftInGroup = group.getNum_rows();
    RowRanges ranges =
        filter == null
            ? null
            : PageIndexReader.ranges(
                footer, shared.in(), group, filter.fieldIds(), filter::mightContain);
    if (ranges != null && ranges.isEmpty()) {
      leftInGroup = 0;
      return;
    }
    if (pages != null && pages.group() != nextGroup - 1) {
      pages = new GroupPages(nextGroup - 1, new HashMap<>());
    }
    List<ChunkBytes> chunks = openChunks(group, windowSize);
    if (filter == null && shared.in() instanceof RangeReadable readable) {
      AdjacentChunks.read(footer.file(), readable, chunks, ColumnTasks.ON_CALLER);
    }
    startBatches(batchRows(leaves, group));
    if (selected != null && ranges != null) {
      selected.open(ranges, batchRows);
    }
  }

  private List<ChunkBytes> openChunks(RowGroup group, int window) {
    List<ChunkBytes> chunks = new ArrayList<>();
    for (ChunkReader leaf : leaves) {
      ColumnChunk chunk = group.getColumns().get(leaf.index());
      chunks.add(open(leaf, chunk, group.getNum_rows(), window));
    }
    return chunks;
  }

  /** Returns the rows of a batch of a row group, whose chunks are open. */
  static int batchRows(List<? extends ChunkReader> leaves, RowGroup group) {
    long uncompressed = 0;
    long values = 0;
    for (ChunkReader leaf : leaves) {
      ColumnMetaData meta = group.getColumns().get(leaf.index()).getMeta_data();
      uncompressed += Math.max(0, Math.min(1L << 40, meta.getTotal_uncompressed_size()));
      values += Math.min(1L << 40, meta.getNum_values());
    }
    long byBytes = BATCH_BYTES / (uncompressed / group.getNum_rows() + 1);
    long byValues = BATCH_VALUES / (values / group.getNum_rows() + 1);
    return (int) Math.max(1, Math.min(VectorBatch.ROWS, Math.min(byBytes, byValues)));
  }

  /**
   * Starts the only row group to read; a filter may select its rows. Its bytes are read when they
   * are needed.
   */
  void begin(int group) {
    nextGroup = group;
    lastGroup = group + 1;
    leftInGroup = 0;
    begun = true;
  }

  /**
   * Starts the only row group to read, and returns the bytes of its chunks, all unread.
   *
   * @param window bytes of a chunk to read at a time
   */
  List<ChunkBytes> begin(int group, int window) {
    begin(group);
    nextGroup = lastGroup;
    leftInGroup = footer.groups().get(group).getNum_rows();
    return openChunks(footer.groups().get(group), window);
  }

  /** Starts the batches of the row group, of at most this many rows each. */
  void startBatches(int rows) {
    batchRows = rows;
    groupBatchRows = rows;
  }

  private ChunkBytes open(ChunkReader column, ColumnChunk chunk, long rows, int window) {
    if (!chunk.isSetMeta_data() || chunk.isSetCrypto_metadata()) {
      throw unsupported(
          UnreadableFileException.unsupported(
              "the column is encrypted; the module mesh-parquet-hadoop reads encrypted columns",
              EncryptedFiles.REMEDY),
          column);
    }
    if (chunk.isSetFile_path()) {
      throw unsupported(
          UnreadableFileException.unsupported(
              "the column is stored in another file; the module mesh-parquet-hadoop does not read it"
                  + " either"),
          column);
    }
    column.release();
    long start = FooterReader.chunkStart(chunk.getMeta_data());
    long length = footer.chunkLength(chunk.getMeta_data());
    ChunkBytes bytes =
        new ChunkBytes(
            footer.file(),
            shared.in(),
            shared.concurrent(),
            start,
            length,
            window,
            shared.memory());
    if (pages != null) {
      column.store(
          pages
              .columns()
              .computeIfAbsent(
                  column.index(), i -> storedPages(column, chunk.getMeta_data(), length)));
    }
    column.open(
        chunk.getMeta_data(),
        bytes,
        shared.memory(),
        () -> PageIndexReader.locations(footer, shared.in(), chunk, rows));
    return bytes;
  }

  private StoredPages storedPages(ChunkReader column, ColumnMetaData meta, long length) {
    String name = footer.schema().leaves().get(column.index()).name();
    return new StoredPages(footer.file(), name, shared.in(), meta, length);
  }

  private UnreadableFileException unsupported(UnreadableFileException what, ChunkReader column) {
    return what.at(
        footer.file(),
        footer.schema().leaves().get(column.index()).name(),
        UnreadableFileException.UNKNOWN,
        UnreadableFileException.UNKNOWN);
  }

  /** Ends a call of {@link #next} soon, which may return null. Called by any thread. */
  public void stop() {
    stopped = true;
  }

  /** Releases memory; the file stays open for its {@link ParquetReader}. Idempotent. */
  @Override
  public void close() {
    release();
    shared.decompressor().close();
  }

  /** Releases the memory of the columns, except what they share. */
  void release() {
    closed = true;
    leaves.forEach(ChunkReader::release);
  }
}
