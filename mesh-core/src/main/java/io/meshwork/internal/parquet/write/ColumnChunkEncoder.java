package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one leaf column of the current row group: takes vectors, cuts pages, and stores them
 * compressed. Independent of other columns, so that columns can be encoded in parallel, each thread
 * with its own context. Not thread-safe.
 */
final class ColumnChunkEncoder {
  private final ParquetLeaf leaf;
  private final ParquetWriterLimits limits;
  private final LevelEncoder repetitionLevels;
  private final LevelEncoder definitionLevels;
  private final ValuesEncoder values;
  private final CompressedPages pages = new CompressedPages();
  private final ColumnStatistics chunkStatistics;
  private final ColumnStatistics fileStatistics;
  private BloomFilter.@Nullable Builder filter;
  private int pageRows;
  private long rows;

  ColumnChunkEncoder(ParquetLeaf leaf, EncodingProfile profile, ParquetWriterLimits limits) {
    this.leaf = leaf;
    this.limits = limits;
    this.repetitionLevels = new LevelEncoder(leaf.column().maxRepetitionLevel());
    this.definitionLevels = new LevelEncoder(leaf.column().maxDefinitionLevel());
    this.values = leaf.newValuesEncoder(profile, limits);
    this.chunkStatistics = values.emptyStatistics();
    this.fileStatistics = values.emptyStatistics();
  }

  /** Enables a bloom filter for each following chunk. */
  void filtering() {
    filter = new BloomFilter.Builder();
    values.filterInto(filter);
  }

  ParquetLeaf leaf() {
    return leaf;
  }

  /** Returns the statistics of all finished chunks. */
  ColumnStatistics fileStatistics() {
    return fileStatistics;
  }

  /** Returns the size of the chunk in bytes: finished pages, plus an estimate of the open one. */
  long bytes() {
    return pages.bytes() + values.pageBytes();
  }

  /** Returns the memory of the chunk in bytes, which ends with it. */
  long heldBytes() {
    return pages.bytes()
        + values.heldBytes()
        + repetitionLevels.heldBytes()
        + definitionLevels.heldBytes()
        + (filter == null ? 0 : filter.heldBytes());
  }

  /** Adds rows of the vector of the leaf's column. The vector is not retained. */
  void write(Vector column, int from, int to, CompressionContext context) {
    if (leaf.groups().isEmpty()) {
      writeFlat(column, from, to, context);
    } else {
      writeNested(column, from, to, context);
    }
  }

  private void writeFlat(Vector vector, int from, int to, CompressionContext context) {
    values.begin(vector);
    int row = from;
    while (row < to) {
      int end = Math.min(to, row + limits.pageRows() - definitionLevels.size());
      int appended = values.append(vector, row, end);
      definitionLevels.append(vector.nulls(), row, row + appended);
      pageRows += appended;
      row += appended;
      if (row < end || full()) {
        endPage(context);
      }
    }
  }

  /**
   * Writes rows like flat ones, except that a page always ends at a row boundary, as the page index
   * requires.
   */
  private void writeNested(Vector column, int from, int to, CompressionContext context) {
    LeafLevels nested = context.levels();
    nested.fill(leaf, column, from, to);
    Vector vector = leaf.vector(column);
    values.begin(vector);
    int row = from;
    int slot = 0;
    while (row < to) {
      int wanted = rowsThatFit(nested, row, slot, to);
      int end = wanted == row ? row : take(column, vector, row, wanted);
      int endSlot = slot;
      for (int i = row; i < end; i++) {
        endSlot = nested.rowEnd(endSlot);
      }
      repetitionLevels.append(nested.repetitions(), slot, endSlot);
      definitionLevels.append(nested.definitions(), slot, endSlot);
      pageRows += end - row;
      if (end < wanted || end == row || full()) {
        endPage(context);
      }
      row = end;
      slot = endSlot;
    }
  }

  /** Returns the end of the rows whose slots fit into the page; an empty page accepts any row. */
  private int rowsThatFit(LeafLevels nested, int row, int slot, int to) {
    int remaining = limits.pageRows() - definitionLevels.size();
    int endRow = row;
    int end = slot;
    while (endRow < to) {
      end = nested.rowEnd(end);
      if (end - slot > remaining && (endRow > row || pageRows > 0)) {
        return endRow;
      }
      endRow++;
    }
    return endRow;
  }

  /**
   * Adds the values of whole rows until the page is full; at least one row if the page is empty.
   * Returns the end of the added rows.
   */
  private int take(Vector column, Vector vector, int row, int endRow) {
    int start = leaf.start(column, row);
    int end = leaf.start(column, endRow);
    int appended = start == end ? end : start + values.append(vector, start, end);
    if (appended == end) {
      return endRow;
    }
    int whole = row;
    while (leaf.start(column, whole + 1) <= appended) {
      whole++;
    }
    int rowStart = leaf.start(column, whole);
    values.dropLast(present(vector, rowStart, appended));
    if (whole == row && pageRows == 0) {
      whole = row + 1;
      values.appendAll(vector, start, leaf.start(column, whole));
    }
    return whole;
  }

  private static int present(Vector vector, int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) {
      count += vector.isNull(i) ? 0 : 1;
    }
    return count;
  }

  private boolean full() {
    return definitionLevels.size() >= limits.pageRows() || values.pageBytes() >= limits.pageBytes();
  }

  private void endPage(CompressionContext context) {
    LittleEndianEncoder out = context.page();
    out.reset();
    // A V1 page consists of repetition levels (for columns within lists only), definition levels,
    // and values.
    repetitionLevels.encode(context, out);
    definitionLevels.encode(context, out);
    Encoding encoding = values.encodePage(context, out);
    ColumnStatistics statistics = values.pageStatistics();
    int valueCount = definitionLevels.size();
    statistics.addSlots(valueCount, definitionLevels.nulls());
    ColumnStatistics.Bound lower = statistics.lower();
    ColumnStatistics.Bound upper = statistics.upper();
    CompressedPage page =
        new CompressedPage(
            encoding,
            valueCount,
            definitionLevels.nulls(),
            rows,
            out.size(),
            new byte[0],
            false,
            lower == null ? null : lower.bytes(),
            upper == null ? null : upper.bytes());
    pages.add(page, out, context);
    chunkStatistics.merge(statistics);
    rows += pageRows;
    pageRows = 0;
    repetitionLevels.reset();
    definitionLevels.reset();
  }

  /** Ends the chunk and starts the next one. */
  ParquetChunkEncoding finish(CompressionContext context) {
    if (definitionLevels.size() > 0) {
      endPage(context);
    }
    CompressedPages.SealedPages sealed = pages.seal(dictionaryPage(context), context);
    if (filter != null) {
      values.filterDictionary(filter);
    }
    ParquetChunkEncoding chunk =
        new ParquetChunkEncoding(
            leaf, sealed, chunkStatistics, filter == null ? null : filter.finish());
    fileStatistics.merge(chunkStatistics);
    chunkStatistics.reset();
    values.nextChunk();
    repetitionLevels.nextChunk();
    definitionLevels.nextChunk();
    pages.nextChunk();
    rows = 0;
    return chunk;
  }

  private @Nullable CompressedPage dictionaryPage(CompressionContext context) {
    if (values.dictionarySize() == 0) {
      return null;
    }
    LittleEndianEncoder out = context.page();
    out.reset();
    values.encodeDictionary(out);
    byte[] body = Arrays.copyOf(out.bytes(), out.size());
    return new CompressedPage(
        Encoding.PLAIN, values.dictionarySize(), 0, 0, body.length, body, false, null, null);
  }
}
