package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import io.meshwork.internal.vector.RowMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the definition or repetition levels of one page. Flat columns have the definition levels
 * 0 (null) and 1.
 */
final class LevelEncoder {
  private final int largest;
  private static final int LEVELS = 256;

  private byte[] levels = new byte[LEVELS];
  private int size;
  private int below;

  /** Creates an encoder for levels from 0 to {@code largest}; with 0, only the count is stored. */
  LevelEncoder(int largest) {
    this.largest = largest;
  }

  /** Returns the number of slots, nulls included. */
  int size() {
    return size;
  }

  /** Returns the number of slots without a value. */
  int nulls() {
    return below;
  }

  /** Adds rows of a flat column: the maximum level, or one less for nulls. */
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

  /**
   * Writes the levels as a V1 page requires, length first; writes nothing if the maximum level is
   * 0.
   */
  void encode(CompressionContext scratch, LittleEndianEncoder out) {
    if (largest == 0) {
      return;
    }
    int start = out.size();
    out.putInt(0);
    int width = LittleEndianEncoder.bitWidth(largest);
    if (below == 0) {
      out.putRun(largest, size, width);
    } else {
      int[] wide = scratch.ints(size);
      for (int i = 0; i < size; i++) {
        wide[i] = levels[i];
      }
      out.putRuns(wide, size, width);
    }
    out.setInt(start, out.size() - start - 4);
  }

  void reset() {
    size = 0;
    below = 0;
  }

  /** Starts the next chunk, and releases the memory of levels. */
  void nextChunk() {
    reset();
    if (levels.length > LEVELS) {
      levels = new byte[LEVELS];
    }
  }

  /** Returns the memory of the levels in bytes; a few levels are not counted. */
  long heldBytes() {
    return levels.length > LEVELS ? levels.length : 0;
  }
}
