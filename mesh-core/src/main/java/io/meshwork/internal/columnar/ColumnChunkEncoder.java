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
  private final LevelEncoder definitionLevels;
  private final ValuesEncoder values;
  private final CompressedPages pages = new CompressedPages();
  private final ColumnStatistics chunkStatistics;
  private final ColumnStatistics fileStatistics;
  private long rows;

  ColumnChunkEncoder(
      ParquetLeafEncoding leaf, EncodingProfile profile, ParquetWriterLimits limits) {
    this.leaf = leaf;
    this.limits = limits;
    this.definitionLevels = new LevelEncoder(leaf.maxDefinitionLevel());
    this.values = leaf.newValuesEncoder(profile, limits);
    this.chunkStatistics = values.emptyStatistics();
    this.fileStatistics = values.emptyStatistics();
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

  /** Adds rows of a vector, which is not kept. */
  void write(Vector vector, int from, int to, CompressionContext context) {
    values.begin(vector);
    int row = from;
    while (row < to) {
      int end = Math.min(to, row + limits.pageRows() - definitionLevels.size());
      int taken = values.append(vector, row, end);
      definitionLevels.append(vector.nulls(), row, row + taken);
      row += taken;
      if (row < end
          || definitionLevels.size() == limits.pageRows()
          || values.pageBytes() >= limits.pageBytes()) {
        endPage(context);
      }
    }
  }

  private void endPage(CompressionContext context) {
    LittleEndianEncoder out = context.page();
    out.reset();
    // A V1 page has repetition levels, which flat columns lack, definition levels, values.
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
    rows += slots;
    definitionLevels.reset();
  }

  /** Ends the chunk and starts the next one. */
  ParquetChunkEncoding finish(CompressionContext context) {
    if (definitionLevels.size() > 0) {
      endPage(context);
    }
    CompressedPages.Sealed sealed = pages.seal(dictionaryPage(context), context);
    ParquetChunkEncoding chunk = new ParquetChunkEncoding(leaf, sealed, chunkStatistics);
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
