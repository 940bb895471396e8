package io.meshwork.internal.parquet.encoding;

/**
 * Encodes Parquet's RLE and bit-packed hybrid, for levels and dictionary indices: repeated values
 * as (count, value), the rest in groups of eight values of a fixed bit width.
 */
final class RunLengthEncoder {
  private RunLengthEncoder() {}

  /**
   * Writes the first {@code count} values, which are non-negative and at most {@code width} bits
   * wide.
   */
  static void encode(int[] values, int count, int width, LittleEndianEncoder out) {
    int shortest = width >= 4 ? 8 : 32 / Math.max(1, width);
    int from = 0;
    while (from < count) {
      int run = runLength(values, from, count);
      if (run >= shortest || from + run == count) {
        putRun(values[from], run, width, out);
        from += run;
      } else {
        int to = from + 8;
        while (to < count && !startsRun(values, to, Math.min(count, to + shortest), shortest)) {
          to += 8;
        }
        int groups = (to - from) >> 3;
        out.putVarint(((long) groups << 1) | 1);
        pack(values, from, Math.min(to, count), groups, width, out);
        from = to;
      }
    }
  }

  /** Writes one run of a value. */
  static void putRun(int value, int count, int width, LittleEndianEncoder out) {
    out.putVarint((long) count << 1);
    for (int shift = 0; shift < width; shift += 8) {
      out.putByte(value >>> shift);
    }
  }

  private static int runLength(int[] values, int from, int count) {
    int value = values[from];
    int to = from + 1;
    while (to < count && values[to] == value) {
      to++;
    }
    return to - from;
  }

  private static boolean startsRun(int[] values, int from, int to, int shortest) {
    if (to - from < shortest) {
      return false;
    }
    int value = values[from];
    for (int i = from + 1; i < to; i++) {
      if (values[i] != value) {
        return false;
      }
    }
    return true;
  }

  private static void pack(
      int[] values, int from, int to, int groups, int width, LittleEndianEncoder out) {
    // Eight extra bytes, so that whole words can be stored at the end.
    out.reserve(groups * width + 8);
    byte[] bytes = out.bytes();
    int position = out.size();
    long word = 0;
    int used = 0;
    for (int i = from; i < to; i++) {
      long value = values[i];
      word |= value << used;
      used += width;
      if (used >= 64) {
        LittleEndianEncoder.LONG.set(bytes, position, word);
        position += 8;
        used -= 64;
        word = used == 0 ? 0 : value >>> (width - used);
      }
    }
    int end = out.size() + groups * width;
    // The rest of the last group is padding and must be zero.
    while (position < end) {
      bytes[position++] = (byte) word;
      word >>>= 8;
    }
    out.advance(groups * width);
  }
}
