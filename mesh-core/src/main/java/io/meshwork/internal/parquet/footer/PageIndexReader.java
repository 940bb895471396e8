package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.footer.FooterRowGroup.FooterColumnChunk;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Reads the column indexes and offset indexes of a file. An index that is malformed, or that
 * contradicts the footer, is treated as absent, so that all pages are read.
 */
public final class PageIndexReader {
  private static final int MAX_BYTES = 8 << 20;

  /** The bytes of heap for each byte of an index, whose structures take many times its bytes. */
  private static final int HEAP_PER_BYTE = 256;

  private PageIndexReader() {}

  /**
   * Returns the rows of a row group that a filter can select, by the bounds of pages.
   *
   * @param fieldIds the columns that the filter reads, or fields of structs
   * @param filter returns false only if it selects none of some rows
   */
  public static RowRanges ranges(
      FileFooter footer,
      SeekableInputStream in,
      RowGroup group,
      Set<Integer> fieldIds,
      Predicate<FooterRowGroup> filter) {
    List<ParquetColumn> leaves = new ArrayList<>();
    footer.schema().columns().forEach(column -> find(column, fieldIds, leaves));
    List<FooterColumnChunk> columns = new ArrayList<>();
    List<PageBounds> indexed = new ArrayList<>();
    for (ParquetColumn leaf : leaves) {
      ColumnChunk chunk = group.getColumns().get(leaf.index());
      columns.add(FooterStatistics.column(leaf, chunk));
      PageBounds bounds = bounds(footer, in, chunk, leaf, group.getNum_rows());
      if (bounds != null) {
        indexed.add(bounds);
      }
    }
    boolean distinct = leaves.stream().map(ParquetColumn::name).distinct().count() == leaves.size();
    return PageSelection.ranges(
        new FooterRowGroup(group.getNum_rows(), columns), distinct ? indexed : List.of(), filter);
  }

  private static void find(Field field, Set<Integer> fieldIds, List<ParquetColumn> into) {
    ParquetColumn leaf = field.leaf();
    if (leaf != null && leaf.maxRepetitionLevel() == 0 && fieldIds.contains(field.id())) {
      into.add(leaf);
    }
    field.parts().forEach(part -> find(part, fieldIds, into));
  }

  private static @Nullable PageBounds bounds(
      FileFooter footer, SeekableInputStream in, ColumnChunk chunk, ParquetColumn leaf, long rows) {
    if (!chunk.isSetColumn_index_offset() || !chunk.isSetColumn_index_length()) {
      return null;
    }
    PageLocations pages = locations(footer, in, chunk, rows);
    byte[] bytes =
        pages == null
            ? null
            : range(footer, in, chunk.getColumn_index_offset(), chunk.getColumn_index_length());
    if (pages == null || bytes == null) {
      return null;
    }
    Long nulls = FooterStatistics.column(leaf, chunk).nullCount();
    try {
      ColumnIndex index = new ColumnIndex();
      FooterTransport.read(index::read, bytes, 0, chunk.getColumn_index_length());
      return PageBounds.of(index, pages, leaf, nulls);
    } catch (UnreadableFileException e) {
      return null;
    }
  }

  /**
   * Returns the positions of the pages of a chunk; null if the file has none that fit the chunk.
   *
   * @param rows rows of the row group
   */
  public static @Nullable PageLocations locations(
      FileFooter footer, SeekableInputStream in, ColumnChunk chunk, long rows) {
    if (!chunk.isSetOffset_index_offset()
        || !chunk.isSetOffset_index_length()
        || !chunk.isSetMeta_data()
        || chunk.isSetFile_path()
        || chunk.isSetCrypto_metadata()) {
      return null;
    }
    byte[] bytes =
        range(footer, in, chunk.getOffset_index_offset(), chunk.getOffset_index_length());
    if (bytes == null) {
      return null;
    }
    ColumnMetaData meta = chunk.getMeta_data();
    try {
      OffsetIndex index = new OffsetIndex();
      FooterTransport.read(index::read, bytes, 0, chunk.getOffset_index_length());
      return PageLocations.of(
          index.getPage_locations(), FooterReader.chunkStart(meta), footer.chunkLength(meta), rows);
    } catch (UnreadableFileException e) {
      return null;
    }
  }

  private static byte @Nullable [] range(
      FileFooter footer, SeekableInputStream in, long offset, int length) {
    long most = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE);
    boolean within = offset >= 4 && length > 0 && length <= most && offset <= footer.end() - length;
    return within ? footer.range(in, offset, length) : null;
  }
}
