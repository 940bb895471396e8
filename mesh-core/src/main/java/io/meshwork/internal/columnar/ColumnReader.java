package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** One flat column of a file, row group by row group, as vectors. Not thread-safe. */
final class ColumnReader extends ChunkReader {
  private int[] levels = new int[0];

  ColumnReader(
      String file,
      ParquetProjectionSchema projection,
      ParquetLeafSchema leaf,
      Type wanted,
      String name,
      Decompressor decompressor) {
    super(
        file,
        leaf,
        projection.vector(wanted),
        ConversionDecoder.of(name, leaf.type(), wanted, projection.offered()),
        decompressor);
  }

  /** The next rows of the row group; valid until asked again. */
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
    if (coded != null) {
      coded.reset();
    }
    Vector result = null;
    int todo = rows;
    while (todo > 0) {
      if (left == 0) {
        nextPage(from);
        continue;
      }
      result = target(result);
      int some = Math.min(left, todo);
      take(from, result, some);
      left -= some;
      todo -= some;
    }
    return result == null ? flat : result;
  }

  /** Codes as long as all of the batch are codes of byte strings, else values. */
  private Vector target(@Nullable Vector soFar) {
    boolean stillCodes = codes != null && flat instanceof BytesVector;
    if (soFar == null) {
      return stillCodes && coded != null ? coded : flat;
    }
    if (soFar == flat || stillCodes || dictionary == null || coded == null) {
      return soFar;
    }
    dictionary.flatten(coded, (BytesVector) flat);
    return flat;
  }

  private void take(PageReader from, Vector to, int slots) {
    int present = from.definitions == null ? slots : present(from.definitions, slots);
    append(to, present, slots, levels);
  }

  /** How many of the next slots have a value; leaves levels behind if some do and some do not. */
  private int present(LevelDecoder definitions, int slots) {
    int most = leaf.mostDefinition();
    int same = definitions.same(slots);
    checkLevel(same, most);
    if (same >= 0) {
      return same == most ? slots : 0;
    }
    if (levels.length < slots) {
      levels = new int[slots];
    }
    definitions.read(levels, 0, slots);
    int present = 0;
    int highest = 0;
    for (int i = 0; i < slots; i++) {
      present += levels[i] == most ? 1 : 0;
      highest = Math.max(highest, levels[i]);
    }
    checkLevel(highest, most);
    return present;
  }
}
