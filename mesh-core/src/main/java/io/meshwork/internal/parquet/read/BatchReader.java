package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.read.AdjacentChunks.ByteRange;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ParquetReader.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader.RowFilter;
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
 * projected column. Decodes the flat columns of a batch at the same time if the file has an
 * executor. Not thread-safe.
 */
public final class BatchReader implements AutoCloseable {
  /** The target size of a batch in bytes: wide rows are returned in smaller batches. */
  private static final long BATCH_BYTES = BatchLimit.share(16, 4L << 20, 64L << 20);

  /** The target number of values in a batch, over all columns. */
  private static final long BATCH_VALUES = 16 << 20;

  /**
   * The bytes of a column chunk to read at a time, and the same if many columns share the memory.
   */
  private static final int WINDOW = 8 << 20;

  private static final int LEAST_WINDOW = 256 << 10;

  private final FileFooter footer;
  private final SeekableInputStream in;
  private final Schema projection;
  private final List<ColumnSource> sources;
  private final List<ChunkReader> leaves;
  private final List<NestedLeafReader> nestedLeaves;

  /** Selects row groups; null for all. */
  private final @Nullable Predicate<FooterRowGroup> wanted;

  private final @Nullable RowFilter filter;

  /** Reads the rows that the filter selects; null without a filter. */
  private final @Nullable SelectedRowReader selected;

  private final BatchLimit limit;
  private final ColumnTasks tasks;
  private final PageDecompressor decompressor;
  private final PageMemory memory = new PageMemory();
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

  /** Requests bytes of the next row group; null to request none. */
  private final @Nullable AheadChunks ahead;

  private int batches;
  private long wantedRows = Long.MAX_VALUE;

  /** Set by another thread to end a read that finds no rows. */
  private volatile boolean stopped;

  /**
   * The pages of one row group that were read.
   *
   * @param group number among the non-empty row groups, from 0
   * @param columns the pages of each column chunk, by the index of its leaf
   */
  public record GroupPages(int group, Map<Integer, StoredPages> columns) {}

  private BatchReader(
      FileFooter footer,
      SeekableInputStream in,
      Schema projection,
      List<ColumnSource> sources,
      @Nullable Predicate<FooterRowGroup> wanted,
      @Nullable RowFilter filter,
      BatchLimit limit,
      ColumnTasks tasks,
      PageDecompressor decompressor) {
    this.filter = filter;
    this.tasks = tasks;
    this.selected =
        filter == null ? null : new SelectedRowReader(projection, sources, filter, limit, tasks);
    this.footer = footer;
    this.lastGroup = footer.groups().size();
    this.in = in;
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
    this.decompressor = decompressor;
    long share = memory.limit() / 4 / Math.max(1, leaves.size());
    this.windowSize = (int) Math.max(LEAST_WINDOW, Math.min(WINDOW, share));
    this.ahead =
        tasks.ahead() != null && in instanceof RangeReadable ranges
            ? new AheadChunks(footer.file(), ranges, tasks.ahead())
            : null;
  }

  static BatchReader open(
      FileFooter footer,
      SeekableInputStream in,
      Schema projection,
      ColumnMatch match,
      boolean offered,
      @Nullable Predicate<FooterRowGroup> wanted,
      @Nullable RowFilter filter,
      BatchLimit limit,
      ColumnTasks tasks) {
    if (projection.columns().isEmpty()) {
      throw new IllegalArgumentException(
          "a projection needs at least one column; rows() returns the number of rows");
    }
    PageDecompressor decompressor = new PageDecompressor();
    FileProjection finder = new FileProjection(footer.schema(), match, offered);
    List<ColumnSource> sources = new ArrayList<>();
    for (NestedField field : projection.columns()) {
      sources.add(ColumnSource.of(footer, finder, field, decompressor, limit));
    }
    return new BatchReader(
        footer, in, projection, List.copyOf(sources), wanted, filter, limit, tasks, decompressor);
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
    memory.countPages(pages);
    return this;
  }

  /** Compares the pages with those of an earlier read of their row group, the only one to read. */
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

  /** Returns true if the last batch ends its row group. */
  public boolean endsGroup() {
    return leftInGroup == 0;
  }

  /** Requests nothing ahead that is needed only beyond this many rows. */
  public BatchReader upTo(long rows) {
    wantedRows = rows;
    return this;
  }

  /** Returns the columns of each batch. */
  public Schema schema() {
    return projection;
  }

  /**
   * Returns the position in the file, from 0, of the first row of the last batch. Not for a read
   * with a {@link RowFilter}, whose batches have rows of several places.
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
    return next(false);
  }

  /**
   * Reads the next rows as {@link #next()} does, possibly on another thread than before.
   *
   * @param beside true if the batch before it remains valid, for which vectors exist twice; that
   *     before the previous one does not
   */
  public @Nullable VectorBatch next(boolean beside) {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    firstRow += lastRows;
    lastRows = 0;
    if (beside) {
      sources.forEach(ColumnSource::turn);
    }
    while (true) {
      if (leftInGroup == 0 && !openNextGroup()) {
        return null;
      }
      if (selected == null) {
        VectorBatch batch = readAll();
        requestAhead(batch.rows());
        return batch;
      }
      VectorBatch batch = selected.next();
      if (batch != null) {
        return batch;
      }
      leftInGroup = 0;
    }
  }

  /** Requests bytes of the next row group, once a second batch shows that it may be reached. */
  private void requestAhead(int rows) {
    batches++;
    wantedRows -= rows;
    if (ahead == null
        || wanted != null
        || filter != null
        || batches < 2
        || nextGroup >= lastGroup
        || wantedRows <= leftInGroup
        || ahead.isRequested(nextGroup)) {
      return;
    }
    List<ByteRange> parts = new ArrayList<>();
    for (ChunkReader leaf : leaves) {
      ColumnChunk chunk = footer.groups().get(nextGroup).getColumns().get(leaf.index());
      if (chunk.isSetMeta_data()) {
        long length = Math.min(windowSize, footer.chunkLength(chunk.getMeta_data()));
        if (length > 0) {
          parts.add(new ByteRange(FooterReader.chunkStart(chunk.getMeta_data()), length));
        }
      }
    }
    ahead.request(nextGroup, parts);
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
    if (filter != null) {
      return filter.mightContain(number, FooterStatistics.of(group, footer.schema()));
    }
    return wanted == null || wanted.test(FooterStatistics.of(group, footer.schema()));
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
    return new VectorBatch(projection, Stream.of(vectors).map(Objects::requireNonNull).toList());
  }

  private void read(@Nullable Vector[] vectors, int rows) {
    List<Runnable> flat = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      int column = i;
      NestedColumn nested = sources.get(i).nested();
      if (nested == null) {
        flat.add(() -> vectors[column] = sources.get(column).read(rows));
      } else {
        vectors[i] = nested.read(rows);
      }
    }
    tasks.run(flat, rows);
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
    RowRanges ranges = filter == null ? null : PageIndexReader.ranges(footer, in, group, filter);
    if (ranges != null && ranges.isEmpty()) {
      leftInGroup = 0;
      return;
    }
    if (pages != null && pages.group() != nextGroup - 1) {
      pages = new GroupPages(nextGroup - 1, new HashMap<>());
    }
    long uncompressed = 0;
    long values = 0;
    List<ChunkBytes> chunks = new ArrayList<>();
    for (ChunkReader leaf : leaves) {
      ColumnChunk chunk = group.getColumns().get(leaf.index());
      chunks.add(open(leaf, chunk, group.getNum_rows()));
      ColumnMetaData meta = chunk.getMeta_data();
      uncompressed += Math.max(0, Math.min(1L << 40, meta.getTotal_uncompressed_size()));
      values += Math.min(1L << 40, meta.getNum_values());
    }
    if (filter == null && in instanceof RangeReadable readable) {
      if (ahead != null) {
        ahead.giveTo(nextGroup - 1, chunks);
      }
      AdjacentChunks.read(footer.file(), readable, chunks, tasks);
    }
    long byBytes = BATCH_BYTES / (uncompressed / leftInGroup + 1);
    long byValues = BATCH_VALUES / (values / leftInGroup + 1);
    batchRows = (int) Math.max(1, Math.min(VectorBatch.ROWS, Math.min(byBytes, byValues)));
    groupBatchRows = batchRows;
    if (selected != null && ranges != null) {
      selected.open(ranges, batchRows);
    }
  }

  private ChunkBytes open(ChunkReader column, ColumnChunk chunk, long rows) {
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
              "the column is stored in another file, which is not supported"),
          column);
    }
    column.release();
    long start = FooterReader.chunkStart(chunk.getMeta_data());
    long length = footer.chunkLength(chunk.getMeta_data());
    ChunkBytes bytes =
        new ChunkBytes(footer.file(), in, tasks.areConcurrent(), start, length, windowSize, memory);
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
        memory,
        () -> PageIndexReader.locations(footer, in, chunk, rows));
    return bytes;
  }

  private StoredPages storedPages(ChunkReader column, ColumnMetaData meta, long length) {
    String name = footer.schema().leaves().get(column.index()).name();
    return new StoredPages(footer.file(), name, in, meta, length);
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
    closed = true;
    if (ahead != null) {
      ahead.close();
    }
    decompressor.close();
    leaves.forEach(ChunkReader::release);
  }
}
