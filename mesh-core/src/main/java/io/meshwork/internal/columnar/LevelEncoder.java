package io.meshwork.internal.columnar;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The definition levels of one page: for each slot, how far down its path a value is there. Flat
 * columns have the levels 0 (null) and 1. Repetition levels, which say what a slot continues, have
 * the same form.
 */
final class LevelEncoder {
  private final int largest;
  private byte[] levels = new byte[256];
  private int size;
  private int below;

  /** Levels from 0 to {@code largest}; with 0 nothing is kept but the count. */
  LevelEncoder(int largest) {
    this.largest = largest;
  }

  /** Slots so far, nulls included. */
  int size() {
    return size;
  }

  /** Slots without a value. */
  int nulls() {
    return below;
  }

  /** Adds rows of a flat column: the largest level, but one less where null. */
  void append(@Nullable RowMask nulls, int from, int to) {
    int count = to - from;
    if (largest > 0) {
      if (size + count > levels.length) {
        levels = Arrays.copyOf(levels, LittleEndianEncoder.grown(levels.length, size + count));
      }
      Arrays.fill(levels, size, size + count, (byte) largest);
      if (nulls != null) {
        for (int row = nulls.next(from); row >= 0 && row < to; row = nulls.next(row + 1)) {
          levels[size + row - from] = (byte) (largest - 1);
          below++;
        }
      }
    }
    size += count;
  }

  /** Adds levels of a nested column. */
  void append(byte[] source, int from, int to) {
    int count = to - from;
    if (largest > 0) {
      if (size + count > levels.length) {
        levels = Arrays.copyOf(levels, LittleEndianEncoder.grown(levels.length, size + count));
      }
      System.arraycopy(source, from, levels, size, count);
      for (int i = from; i < to; i++) {
        below += source[i] < largest ? 1 : 0;
      }
    }
    size += count;
  }

  /** Writes them as a V1 page wants them, length first; nothing if there is one level only. */
  void encode(CompressionContext scratch, LittleEndianEncoder out) {
    if (largest == 0) {
      return;
    }
    int start = out.size();
    out.putInt(0);
    int width = RunLengthEncoder.bitWidth(largest);
    if (below == 0) {
      RunLengthEncoder.putRun(largest, size, width, out);
    } else {
      int[] wide = scratch.ints(size);
      for (int i = 0; i < size; i++) {
        wide[i] = levels[i];
      }
      RunLengthEncoder.encode(wide, size, width, out);
    }
    out.setInt(start, out.size() - start - 4);
  }

  void reset() {
    size = 0;
    below = 0;
  }
}
