package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.Vector;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Reads one flat column of a file as vectors, one row group at a time. Not thread-safe. */
final class ColumnReader extends ChunkReader {
  private int[] levels = new int[0];

  ColumnReader(
      String file,
      FileProjection projection,
      ParquetColumn leaf,
      Type wanted,
      String name,
      PageDecompressor decompressor) {
    super(
        file,
        leaf,
        projection.vector(wanted),
        ConversionDecoder.of(name, leaf.type(), wanted, projection.offered()),
        decompressor);
  }

  /** Reads the next rows of the row group; valid until the next call. */
  Vector read(int rows) {
    PageReader from = pages();
    try {
      return read(from, rows);
    } catch (ColumnMismatchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw malformed(from, e);
    }
  }

  private Vector read(PageReader from, int rows) {
    flat.reset();
    if (encoded != null) {
      encoded.reset();
    }
    Vector result = null;
    int remaining = rows;
    while (remaining > 0) {
      if (left == 0) {
        nextPage(from);
        continue;
      }
      result = target(result);
      int some = Math.min(left, remaining);
      take(from, result, some);
      left -= some;
      remaining -= some;
    }
    return result == null ? flat : result;
  }

  /**
   * Returns the vector to fill: dictionary indices while all rows of the batch are indices of byte
   * strings, else values.
   */
  private Vector target(@Nullable Vector soFar) {
    boolean dictionaryEncoded = indices != null && flat instanceof BytesVector;
    if (soFar == null) {
      return dictionaryEncoded && encoded != null ? encoded : flat;
    }
    if (soFar == flat || dictionaryEncoded || dictionary == null || encoded == null) {
      return soFar;
    }
    dictionary.flatten(encoded, (BytesVector) flat);
    return flat;
  }

  private void take(PageReader from, Vector to, int valueCount) {
    int present = from.definitions == null ? valueCount : present(from.definitions, valueCount);
    append(to, present, valueCount, levels);
  }

  /** Returns how many of the next slots have a value; stores the levels if only some do. */
  private int present(ValueDecoder definitions, int valueCount) {
    int maxLevel = leaf.maxDefinitionLevel();
    int same = definitions.same(valueCount);
    checkLevel(same, maxLevel);
    if (same >= 0) {
      return same == maxLevel ? valueCount : 0;
    }
    if (levels.length < valueCount) {
      levels = new int[valueCount];
    }
    definitions.ints(levels, 0, valueCount);
    int present = 0;
    int highest = 0;
    for (int i = 0; i < valueCount; i++) {
      present += levels[i] == maxLevel ? 1 : 0;
      highest = Math.max(highest, levels[i]);
    }
    checkLevel(highest, maxLevel);
    return present;
  }
}
