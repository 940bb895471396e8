package io.meshwork.internal.ingest;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;

/** The size of the values of a batch that rows are added to. */
final class BatchSize {
  /** Size of its values at which a batch ends early, in bytes. */
  static final long MAX_BYTES = maxBytes(Runtime.getRuntime().maxMemory());

  /** Approximate size of a value without the bytes of a string. */
  private static final long BYTES_PER_VALUE = 8;

  /** After how many rows the size of small rows is checked. */
  static final int ROWS_BETWEEN_CHECKS = 64;

  /** Average size of rows that are checked one by one, in bytes. */
  private static final long LARGE_ROW = 16L << 10;

  private final List<Vector> unbounded = new ArrayList<>();
  private final int rowsBetweenChecks;

  BatchSize(VectorBatch batch) {
    batch.vectors().forEach(vector -> addUnbounded(vector, false));
    boolean nested =
        batch.schema().columns().stream().anyMatch(column -> column.type().isNestedType());
    this.rowsBetweenChecks = nested ? 1 : ROWS_BETWEEN_CHECKS;
  }

  /**
   * Returns the size at which a batch ends, for a maximum heap: its memory doubles when it grows,
   * it is encoded into as much again, and with an executor two batches exist.
   */
  static long maxBytes(long heap) {
    return Math.max(4L << 20, Math.min(heap / 16, 64L << 20));
  }

  /**
   * Returns after how many rows the size is checked: after each row of nested columns. A value has
   * at most 16 MiB, so a column has less than 2 GiB.
   */
  int rowsBetweenChecks() {
    return rowsBetweenChecks;
  }

  /** Returns true if a batch with one more row like its rows would exceed the limit. */
  static boolean isFull(long bytes, int rows) {
    return bytes >= MAX_BYTES || (rows > 0 && bytes + bytes / rows > MAX_BYTES);
  }

  /** Returns true if the rows of a batch are so large that each is checked. */
  static boolean hasLargeRows(long bytes, int rows) {
    return bytes / rows > LARGE_ROW;
  }

  /** Returns the approximate size of the values that rows have in any number or length. */
  long bytes() {
    long bytes = 0;
    for (Vector vector : unbounded) {
      bytes += BYTES_PER_VALUE * vector.size();
      bytes += vector instanceof BytesVector texts ? texts.start(texts.size()) : 0;
    }
    return bytes;
  }

  /** Adds the vectors that may grow by more than one value per row. */
  private void addUnbounded(Vector vector, boolean repeated) {
    if (vector instanceof StructVector structs) {
      structs.children().forEach(child -> addUnbounded(child, repeated));
    } else if (vector instanceof ListVector lists) {
      addUnbounded(lists.elements(), true);
    } else if (vector instanceof MapVector maps) {
      addUnbounded(maps.keys(), true);
      addUnbounded(maps.values(), true);
    } else if (vector instanceof DictionaryVector coded) {
      unbounded.add(coded.dictionary());
    } else if (repeated || vector instanceof BytesVector) {
      unbounded.add(vector);
    }
  }
}
