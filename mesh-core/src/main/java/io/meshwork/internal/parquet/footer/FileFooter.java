package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;

/**
 * The validated footer of a Parquet file.
 *
 * @param file location of the file
 * @param schema the columns
 * @param rows number of rows in all row groups
 * @param groups the non-empty row groups, each of whose readable chunks lies within the file
 * @param properties key-value metadata
 * @param shortChunks whether the writer may have left up to {@link #DICTIONARY_HEADER_BYTES} out of
 *     the declared length of a chunk
 * @param end offset of the footer, where chunks must have ended
 * @param tail the end of the file, which was read to find the footer
 */
public record FileFooter(
    String file,
    ParquetFileSchema schema,
    long rows,
    List<RowGroup> groups,
    Map<String, String> properties,
    boolean shortChunks,
    long end,
    FileTail tail) {
  /** The most bytes of the header of a dictionary page that old writers did not count. */
  private static final int DICTIONARY_HEADER_BYTES = 100;

  /**
   * The last bytes of a file.
   *
   * @param bytes the bytes
   * @param start offset of the first
   * @param length their number
   */
  public record FileTail(byte[] bytes, long start, int length) {}

  /**
   * Returns a range of the file, followed by readable slack; reads only what is not in memory.
   * Throws {@link UnreadableFileException} if it is truncated.
   */
  byte[] range(SeekableInputStream in, long offset, int length) {
    if (offset < tail.start()) {
      return FooterReader.range(file, in, offset, length);
    }
    byte[] bytes = new byte[length + ValueDecoder.SLACK];
    System.arraycopy(tail.bytes(), (int) (offset - tail.start()), bytes, 0, length);
    return bytes;
  }

  /**
   * Returns the footer with other columns of the same leaves, and without what the writer claims of
   * values: statistics, page indexes, and Bloom filters.
   */
  public FileFooter withoutStatistics(ParquetFileSchema columns) {
    List<RowGroup> stripped = new ArrayList<>();
    for (RowGroup group : groups) {
      RowGroup copy = new RowGroup(group);
      for (ColumnChunk chunk : copy.getColumns()) {
        chunk.unsetColumn_index_offset();
        chunk.unsetColumn_index_length();
        chunk.unsetOffset_index_offset();
        chunk.unsetOffset_index_length();
        if (chunk.isSetMeta_data()) {
          chunk.getMeta_data().unsetStatistics();
          chunk.getMeta_data().unsetBloom_filter_offset();
          chunk.getMeta_data().unsetBloom_filter_length();
        }
      }
      stripped.add(copy);
    }
    return new FileFooter(
        file, columns, rows, List.copyOf(stripped), properties, shortChunks, end, tail);
  }

  /** Returns the bytes of a chunk in which its pages are. */
  public long chunkLength(ColumnMetaData chunk) {
    long declared = chunk.getTotal_compressed_size();
    long available = end - FooterReader.chunkStart(chunk);
    return shortChunks ? Math.min(declared + DICTIONARY_HEADER_BYTES, available) : declared;
  }
}
