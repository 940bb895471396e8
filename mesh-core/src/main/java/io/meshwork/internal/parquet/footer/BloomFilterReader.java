package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetColumn.Ticks;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.ColumnMetaData;
import org.jspecify.annotations.Nullable;

/** Reads bloom filters of column chunks. */
public final class BloomFilterReader {
  /** The size limit: reading a larger filter would take longer than reading the column. */
  private static final int MAX_BYTES = 32 << 20;

  /** The bytes read for the header if the footer does not state the filter's length. */
  private static final int HEADER_BYTES = 64;

  private BloomFilterReader() {}

  /** Reads a filter; returns null if there is none that supports values of this type. */
  public static @Nullable BloomFilter read(
      FileFooter footer, SeekableInputStream in, int group, int fieldId, Type type) {
    ParquetColumn leaf = leaf(footer.schema(), fieldId);
    if (leaf == null || !fits(leaf.type(), type)) {
      return null;
    }
    ColumnMetaData chunk = footer.groups().get(group).getColumns().get(leaf.index()).getMeta_data();
    if (chunk == null || !chunk.isSetBloom_filter_offset()) {
      return null;
    }
    long offset = chunk.getBloom_filter_offset();
    if (offset < 4 || offset > footer.end() - BloomFilter.BLOCK_BYTES) {
      return null;
    }
    long remaining = footer.end() - offset;
    int length = chunk.isSetBloom_filter_length() ? chunk.getBloom_filter_length() : HEADER_BYTES;
    if (length <= BloomFilter.BLOCK_BYTES || length > MAX_BYTES || length > remaining) {
      return null;
    }
    return read(footer, in, leaf.type(), offset, length);
  }

  /** Reads a filter; returns null if it is malformed, so that the rows are read. */
  private static @Nullable BloomFilter read(
      FileFooter footer, SeekableInputStream in, ValueType type, long offset, int length) {
    byte[] bytes = footer.range(in, offset, length);
    BloomFilterHeader header = new BloomFilterHeader();
    int from;
    try {
      from = FooterTransport.read(header::read, bytes, 0, length);
    } catch (UnreadableFileException e) {
      return null;
    }
    int size = header.getNumBytes();
    boolean isSupported =
        header.getAlgorithm().isSetBLOCK()
            && header.getHash().isSetXXHASH()
            && header.getCompression().isSetUNCOMPRESSED()
            && size >= BloomFilter.BLOCK_BYTES
            && size <= MAX_BYTES
            && size % BloomFilter.BLOCK_BYTES == 0
            && offset + from + size <= footer.end();
    if (!isSupported) {
      return null;
    }
    if (from + size > length) {
      bytes = footer.range(in, offset + from, size);
      from = 0;
    }
    boolean wide =
        type.type() instanceof Types.DecimalType
            && type.physical() == org.apache.parquet.format.Type.FIXED_LEN_BYTE_ARRAY;
    return new BloomFilter(
        bytes, from, size, type.physical(), wide ? BytesVector.DECIMAL_BYTES - type.width() : 0);
  }

  private static @Nullable ParquetColumn leaf(ParquetFileSchema schema, int fieldId) {
    if (!schema.hasFieldIds()) {
      return null;
    }
    for (Field column : schema.columns()) {
      ParquetColumn leaf = leaf(column, fieldId);
      if (leaf != null) {
        return leaf;
      }
    }
    return null;
  }

  private static @Nullable ParquetColumn leaf(Field field, int fieldId) {
    ParquetColumn leaf = field.leaf();
    if (leaf != null) {
      return field.id() == fieldId && leaf.maxRepetitionLevel() == 0 ? leaf : null;
    }
    for (Field child : field.parts()) {
      ParquetColumn childLeaf = leaf(child, fieldId);
      if (childLeaf != null) {
        return childLeaf;
      }
    }
    return null;
  }

  /** Returns true if the file stores values of the type with the same bytes as a vector. */
  private static boolean fits(ValueType stored, Type type) {
    Type inFile = stored.type();
    if (inFile == null || stored.unsigned() || stored.ticks() == Ticks.MILLIS) {
      return false;
    }
    return switch (stored.physical()) {
      case INT32, INT64 -> wholeFits(inFile, type);
      case BYTE_ARRAY ->
          inFile.equals(type)
              && (type.typeId() == Type.TypeID.STRING || type.typeId() == Type.TypeID.BINARY);
      case FIXED_LEN_BYTE_ARRAY -> fixedFits(stored, inFile, type);
      default -> false;
    };
  }

  private static boolean wholeFits(Type inFile, Type type) {
    if (inFile instanceof Types.DecimalType stored) {
      return type instanceof Types.DecimalType wanted
          && stored.scale() == wanted.scale()
          && wanted.precision() <= 18;
    }
    return inFile.equals(type)
        || (inFile.typeId() == Type.TypeID.INTEGER && type.typeId() == Type.TypeID.LONG);
  }

  private static boolean fixedFits(ValueType stored, Type inFile, Type type) {
    if (inFile instanceof Types.DecimalType decimal) {
      return inFile.equals(type)
          && decimal.precision() > 18
          && stored.width() <= BytesVector.DECIMAL_BYTES;
    }
    // FLOAT16, which is read as float, is stored with other bytes.
    return inFile.equals(type) && type.typeId() != Type.TypeID.FLOAT;
  }
}
