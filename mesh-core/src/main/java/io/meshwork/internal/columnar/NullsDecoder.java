package io.meshwork.internal.columnar;

import java.util.Arrays;

/** Moves values that were decoded without gaps to their rows, and fills the gaps with nulls. */
final class NullsDecoder {
  private NullsDecoder() {}

  /** Appends null rows. */
  static void append(Vector vector, int rows) {
    int from = vector.size();
    int to = from + rows;
    if (vector instanceof BooleanVector booleans) {
      Arrays.fill(booleans.ensureCapacity(rows), from, to, false);
    } else if (vector instanceof IntVector ints) {
      Arrays.fill(ints.ensureCapacity(rows), from, to, 0);
    } else if (vector instanceof LongVector longs) {
      Arrays.fill(longs.ensureCapacity(rows), from, to, 0L);
    } else if (vector instanceof FloatVector floats) {
      Arrays.fill(floats.ensureCapacity(rows), from, to, 0f);
    } else if (vector instanceof DoubleVector doubles) {
      Arrays.fill(doubles.ensureCapacity(rows), from, to, 0d);
    } else if (vector instanceof DictionaryVector indices) {
      Arrays.fill(indices.ensureCapacity(rows), from, to, 0);
    } else if (vector instanceof BytesVector bytes) {
      int[] offsets = bytes.ensureCapacity(rows);
      Arrays.fill(offsets, from + 1, to + 1, offsets[from]);
    } else if (vector instanceof StructVector structs) {
      structs.children().forEach(child -> append(child, rows));
    } else if (vector instanceof ListVector lists) {
      int[] offsets = lists.ensureCapacity(rows);
      Arrays.fill(offsets, from + 1, to + 1, offsets[from]);
    } else if (vector instanceof MapVector maps) {
      int[] offsets = maps.ensureCapacity(rows);
      Arrays.fill(offsets, from + 1, to + 1, offsets[from]);
    }
    vector.extended(rows);
    for (int row = from; row < to; row++) {
      vector.markNull(row);
    }
  }

  /**
   * Spreads the last {@code present} rows over {@code rows} rows; a row has a value if its level
   * equals {@code most}.
   */
  static void spread(Vector vector, int present, int rows, int[] levels, int most) {
    int gaps = rows - present;
    int from = vector.size() - present;
    if (vector instanceof BooleanVector booleans) {
      spread(booleans.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof IntVector ints) {
      spread(ints.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof LongVector longs) {
      spread(longs.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof FloatVector floats) {
      spread(floats.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof DoubleVector doubles) {
      spread(doubles.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof DictionaryVector indices) {
      spread(indices.ensureCapacity(gaps), from, present, rows, levels, most);
    } else if (vector instanceof BytesVector bytes) {
      spreadEnds(bytes.ensureCapacity(gaps), from, present, rows, levels, most);
    }
    vector.extended(gaps);
    for (int i = 0; i < rows; i++) {
      if (levels[i] != most) {
        vector.markNull(from + i);
      }
    }
  }

  // Iterates from the back, so that a value is moved before its slot is overwritten.

  private static void spreadEnds(
      int[] ends, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      ends[from + i + 1] = ends[source];
      if (levels[i] == most) {
        source--;
      }
    }
  }

  private static void spread(
      boolean[] values, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[from + i] = levels[i] == most ? values[--source] : false;
    }
  }

  private static void spread(
      int[] values, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[from + i] = levels[i] == most ? values[--source] : 0;
    }
  }

  private static void spread(
      long[] values, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[from + i] = levels[i] == most ? values[--source] : 0L;
    }
  }

  private static void spread(
      float[] values, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[from + i] = levels[i] == most ? values[--source] : 0f;
    }
  }

  private static void spread(
      double[] values, int from, int present, int rows, int[] levels, int most) {
    int source = from + present;
    for (int i = rows - 1; i >= 0; i--) {
      values[from + i] = levels[i] == most ? values[--source] : 0d;
    }
  }
}
