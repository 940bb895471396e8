package io.meshwork.internal.parquet.encoding;

/**
 * Encodes DELTA_BINARY_PACKED: blocks of 128 deltas, relative to the block's minimum, in four
 * miniblocks of 32 with a bit width each.
 */
final class DeltaEncoder {
  private static final int BLOCK = 128;
  private static final int MINIBLOCKS = 4;
  private static final int MINIBLOCK = BLOCK / MINIBLOCKS;

  private DeltaEncoder() {}

  /**
   * Writes the first {@code count} values. With {@code narrow}, values are 32-bit and their deltas
   * wrap at 32 bits: readers of INT32 columns reject wider ones.
   */
  static void encode(long[] values, int count, boolean narrow, LittleEndianEncoder out) {
    out.putVarint(BLOCK);
    out.putVarint(MINIBLOCKS);
    out.putVarint(count);
    out.putZigzag(count == 0 ? 0 : values[0]);
    long[] deltas = new long[BLOCK];
    for (int from = 1; from < count; from += BLOCK) {
      int length = Math.min(BLOCK, count - from);
      long smallest = Long.MAX_VALUE;
      for (int i = 0; i < length; i++) {
        long delta = values[from + i] - values[from + i - 1];
        delta = narrow ? (int) delta : delta;
        deltas[i] = delta;
        smallest = Math.min(smallest, delta);
      }
      putBlock(deltas, length, smallest, narrow, out);
    }
  }

  private static void putBlock(
      long[] deltas, int length, long smallest, boolean narrow, LittleEndianEncoder out) {
    long mask = narrow ? 0xFFFFFFFFL : -1L;
    for (int i = 0; i < length; i++) {
      deltas[i] = (deltas[i] - smallest) & mask;
    }
    for (int i = length; i < BLOCK; i++) {
      deltas[i] = 0;
    }
    out.putZigzag(smallest);
    int widths = out.size();
    out.putInt(0);
    for (int mini = 0; mini < MINIBLOCKS; mini++) {
      int from = mini * MINIBLOCK;
      if (from >= length) {
        // Miniblocks after the last value have bit width zero and no body.
        break;
      }
      long all = 0;
      for (int i = from; i < from + MINIBLOCK; i++) {
        all |= deltas[i];
      }
      int width = 64 - Long.numberOfLeadingZeros(all);
      out.bytes()[widths + mini] = (byte) width;
      if (width > 0) {
        pack(deltas, from, width, out);
      }
    }
  }

  private static void pack(long[] deltas, int from, int width, LittleEndianEncoder out) {
    int length = MINIBLOCK / 8 * width;
    out.reserve(length + 8);
    byte[] bytes = out.bytes();
    int position = out.size();
    long word = 0;
    int used = 0;
    for (int i = from; i < from + MINIBLOCK; i++) {
      long value = deltas[i];
      word |= value << used;
      used += width;
      if (used >= 64) {
        LittleEndianEncoder.LONG.set(bytes, position, word);
        position += 8;
        used -= 64;
        word = used == 0 ? 0 : value >>> (width - used);
      }
    }
    if (used > 0) {
      LittleEndianEncoder.LONG.set(bytes, position, word);
    }
    out.advance(length);
  }
}
