package io.meshwork.internal.columnar;

import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * One leaf column of the row group being written: takes vectors, cuts pages, keeps them compressed.
 * Independent of the other columns, so that columns can be encoded side by side, each thread with a
 * context of its own. Not thread-safe.
 */
final class ColumnChunkEncoder {
  private final ParquetLeafEncoding leaf;
  private final ParquetWriterLimits limits;
  private final LevelEncoder repetitionLevels;
  private final LevelEncoder definitionLevels;
  private final ValuesEncoder values;
  private final CompressedPages pages = new CompressedPages();
  private final ColumnStatistics chunkStatistics;
  private final ColumnStatistics fileStatistics;
  private @Nullable BloomFilterEncoder filter;
  private int pageRows;
  private long rows;

  ColumnChunkEncoder(
      ParquetLeafEncoding leaf, EncodingProfile profile, ParquetWriterLimits limits) {
    this.leaf = leaf;
    this.limits = limits;
    this.repetitionLevels = new LevelEncoder(leaf.maxRepetitionLevel());
    this.definitionLevels = new LevelEncoder(leaf.maxDefinitionLevel());
    this.values = leaf.newValuesEncoder(profile, limits);
    this.chunkStatistics = values.emptyStatistics();
    this.fileStatistics = values.emptyStatistics();
  }

  /** From now on each chunk gets a bloom filter of its values. */
  void filtering() {
    filter = new BloomFilterEncoder();
    values.filterInto(filter);
  }

  ParquetLeafEncoding leaf() {
    return leaf;
  }

  /** Of all chunks that were finished. */
  ColumnStatistics fileStatistics() {
    return fileStatistics;
  }

  /** Bytes of the chunk so far: pages that are done, and about what the open one will have. */
  long bytes() {
    return pages.bytes() + values.pageBytes();
  }

  /** Adds rows of the vector of the leaf's column, which is not kept. */
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
      int taken = values.append(vector, row, end);
      definitionLevels.append(vector.nulls(), row, row + taken);
      pageRows += taken;
      row += taken;
      if (row < end || full()) {
        endPage(context);
      }
    }
  }

  /** As flat rows, but a page ends with a row, wherever its limits are: the page index wants it. */
  private void writeNested(Vector column, int from, int to, CompressionContext context) {
    LeafLevels nested = context.levels();
    nested.fill(leaf, column, from, to);
    Vector vector = leaf.vector(column);
    values.begin(vector);
    int row = from;
    int slot = 0;
    while (row < to) {
      int wanted = rowsInRoom(nested, row, slot, to);
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

  /** The end of the rows whose slots have room in the page; an empty page has room for any row. */
  private int rowsInRoom(LeafLevels nested, int row, int slot, int to) {
    int room = limits.pageRows() - definitionLevels.size();
    int endRow = row;
    int end = slot;
    while (endRow < to) {
      end = nested.rowEnd(end);
      if (end - slot > room && (endRow > row || pageRows > 0)) {
        return endRow;
      }
      endRow++;
    }
    return endRow;
  }

  /**
   * Takes the values of whole rows until the page has enough bytes; at least one row if the page is
   * empty, however large. Returns the end of the rows it took.
   */
  private int take(Vector column, Vector vector, int row, int endRow) {
    int start = leaf.start(column, row);
    int end = leaf.start(column, endRow);
    int taken = start == end ? end : start + values.append(vector, start, end);
    if (taken == end) {
      return endRow;
    }
    int whole = row;
    while (leaf.start(column, whole + 1) <= taken) {
      whole++;
    }
    int kept = leaf.start(column, whole);
    values.dropLast(present(vector, kept, taken));
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
    // A V1 page has repetition levels, which columns without lists lack, definition levels, values.
    repetitionLevels.encode(context, out);
    definitionLevels.encode(context, out);
    Encoding encoding = values.encodePage(context, out);
    ColumnStatistics statistics = values.pageStatistics();
    int slots = definitionLevels.size();
    statistics.addSlots(slots, definitionLevels.nulls());
    ColumnStatistics.Bound lower = statistics.lower();
    ColumnStatistics.Bound upper = statistics.upper();
    CompressedPage page =
        new CompressedPage(
            encoding,
            slots,
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
    CompressedPages.Sealed sealed = pages.seal(dictionaryPage(context), context);
    if (filter != null) {
      values.filterDictionary(filter);
    }
    ParquetChunkEncoding chunk =
        new ParquetChunkEncoding(
            leaf, sealed, chunkStatistics, filter == null ? null : filter.finish());
    fileStatistics.merge(chunkStatistics);
    chunkStatistics.reset();
    values.nextChunk();
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
