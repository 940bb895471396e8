package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Writes the end of a Parquet file: page indexes, bloom filters, footer, its length, and the magic
 * number.
 */
final class ParquetFooterWriter {
  /** In the form {@code application version x.y.z}, which parquet-java parses. */
  private static final String CREATED_BY = "meshwork version 0.1.0";

  private final List<RowGroup> groups = new ArrayList<>();
  private final List<ParquetChunkEncoding.Written> chunks = new ArrayList<>();
  private long rows;

  void add(List<ParquetChunkEncoding.Written> columns, long start, long groupRows) {
    RowGroup group = new RowGroup().setNum_rows(groupRows).setFile_offset(start);
    long uncompressed = 0;
    long compressed = 0;
    for (ParquetChunkEncoding.Written column : columns) {
      group.addToColumns(column.chunk());
      uncompressed += column.chunk().getMeta_data().getTotal_uncompressed_size();
      compressed += column.chunk().getMeta_data().getTotal_compressed_size();
    }
    group.setTotal_byte_size(uncompressed).setTotal_compressed_size(compressed);
    if (groups.size() <= Short.MAX_VALUE) {
      group.setOrdinal((short) groups.size());
    }
    groups.add(group);
    chunks.addAll(columns);
    rows += groupRows;
  }

  /** Writes the bloom filters of a row group at an offset of the file, and returns their end. */
  static long writeFilters(OutputStream out, long start, List<ParquetChunkEncoding.Written> columns)
      throws IOException {
    long position = start;
    for (ParquetChunkEncoding.Written column : columns) {
      byte[] filter = column.filter();
      if (filter != null) {
        out.write(filter);
        column
            .chunk()
            .getMeta_data()
            .setBloom_filter_offset(position)
            .setBloom_filter_length(filter.length);
        position += filter.length;
      }
    }
    return position;
  }

  /** Writes the footer at an offset of the file and returns the length of the file. */
  long writeTo(
      OutputStream out, long start, List<SchemaElement> schema, Map<String, String> properties)
      throws IOException {
    ByteArrayOutputStream tail = new ByteArrayOutputStream(4096);
    writeIndexes(tail, start);
    int footer = tail.size();
    Util.writeFileMetaData(metadata(schema, properties), tail);
    LittleEndianEncoder length = new LittleEndianEncoder();
    length.putInt(tail.size() - footer);
    tail.write(length.bytes(), 0, length.size());
    tail.write(ParquetWriter.MAGIC);
    tail.writeTo(out);
    return start + tail.size();
  }

  private void writeIndexes(ByteArrayOutputStream tail, long start) throws IOException {
    for (ParquetChunkEncoding.Written chunk : chunks) {
      if (chunk.columnIndex() != null) {
        int from = tail.size();
        Util.writeColumnIndex(chunk.columnIndex(), tail);
        chunk
            .chunk()
            .setColumn_index_offset(start + from)
            .setColumn_index_length(tail.size() - from);
      }
    }
    for (ParquetChunkEncoding.Written chunk : chunks) {
      if (chunk.offsetIndex() == null) {
        continue;
      }
      int from = tail.size();
      Util.writeOffsetIndex(chunk.offsetIndex(), tail);
      chunk.chunk().setOffset_index_offset(start + from).setOffset_index_length(tail.size() - from);
    }
  }

  private FileMetaData metadata(List<SchemaElement> schema, Map<String, String> properties) {
    FileMetaData metadata = new FileMetaData(1, schema, rows, groups).setCreated_by(CREATED_BY);
    for (SchemaElement element : schema) {
      if (element.isSetType()) {
        metadata.addToColumn_orders(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
      }
    }
    properties.forEach((key, value) -> metadata.addToKey_value_metadata(keyValue(key, value)));
    return metadata;
  }

  private static KeyValue keyValue(String key, @Nullable String value) {
    KeyValue pair = new KeyValue(key);
    return value == null ? pair : pair.setValue(value);
  }
}
