package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.parquet.format.SchemaElement;

/**
 * Writes row groups of other files as one Parquet file. The pages remain unchanged, compressed and
 * encoded; their headers, statistics, page indexes, bloom filters, and the footer equal what {@link
 * ParquetWriter} would have written for the same rows. Not thread-safe.
 */
public final class ParquetCopyWriter implements AutoCloseable {
  private final PositionOutputStream out;
  private final Map<String, String> properties;
  private final List<SchemaElement> elements;
  private final ParquetFooterWriter footer = new ParquetFooterWriter();
  private final Map<Integer, Long> columnSizes = new HashMap<>();
  private final List<ParquetMetricsEncoding.LeafStatistics> statistics = new ArrayList<>();
  private final List<Long> splitOffsets = new ArrayList<>();
  private long position;
  private long rows;

  private ParquetCopyWriter(
      PositionOutputStream out, Schema schema, Map<String, String> properties) {
    this.out = out;
    this.properties = new TreeMap<>(properties);
    this.elements = ParquetFileSchema.elements(schema);
    try {
      position = out.getPos();
      out.write(ParquetWriter.MAGIC);
      position += ParquetWriter.MAGIC.length;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Starts a file in an empty stream, which the writer takes over.
   *
   * @param schema the columns, optional or required as all pages have them; their field IDs are
   *     written
   * @param properties key-value metadata for the footer
   * @throws io.meshwork.error.BackendException if the stream fails
   */
  public static ParquetCopyWriter open(
      PositionOutputStream out, Schema schema, Map<String, String> properties) {
    return new ParquetCopyWriter(out, schema, properties);
  }

  /**
   * Writes a row group.
   *
   * @param measured what was measured of all its rows
   * @param chunks its pages, in the order of the schema's leaves
   * @throws io.meshwork.internal.parquet.schema.UnreadableFileException if a page is no longer what
   *     was measured; the file is then lost
   * @throws io.meshwork.error.BackendException if the stream fails; the file is then lost
   */
  public void add(RowGroupMeasure measured, List<CopiedChunk> chunks) {
    long start = position;
    List<ParquetChunkEncoding.Written> written = new ArrayList<>();
    try {
      for (int i = 0; i < chunks.size(); i++) {
        ColumnMeasure column = measured.columns().get(i);
        ParquetChunkEncoding.Written chunk = chunks.get(i).writeTo(out, position, column);
        columnSizes.merge(column.leaf().field().fieldId(), chunk.end() - position, Long::sum);
        position = chunk.end();
        written.add(chunk);
      }
      position = ParquetFooterWriter.writeFilters(out, position, written);
    } catch (IOException e) {
      throw failed(e);
    }
    for (int i = 0; i < chunks.size(); i++) {
      ColumnMeasure column = measured.columns().get(i);
      ColumnStatistics ofChunk = column.finished();
      if (i == statistics.size()) {
        statistics.add(new ParquetMetricsEncoding.LeafStatistics(column.leaf(), ofChunk));
      } else {
        statistics.get(i).statistics().merge(ofChunk);
      }
    }
    footer.add(written, start, measured.rows());
    splitOffsets.add(start);
    rows += measured.rows();
  }

  /** Returns the number of bytes written. */
  public long length() {
    return position;
  }

  /**
   * Writes the footer, and closes the stream.
   *
   * @throws io.meshwork.error.BackendException if the stream fails; the file is then lost
   */
  public WrittenFile finish() {
    try {
      position = footer.writeTo(out, position, elements, properties);
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
    return new WrittenFile(
        rows, position, ParquetMetricsEncoding.encode(rows, statistics, columnSizes), splitOffsets);
  }

  /** Does nothing: the stream remains open for its owner until the file is finished. */
  @Override
  public void close() {
    // Closing the stream could publish an incomplete file.
  }

  private RuntimeException failed(IOException cause) {
    int width = elements.get(0).getNum_children();
    return ParquetWriter.failure(width, rows, position, cause);
  }
}
