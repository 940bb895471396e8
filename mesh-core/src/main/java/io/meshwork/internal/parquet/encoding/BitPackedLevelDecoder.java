package io.meshwork.internal.parquet.encoding;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import org.apache.parquet.format.Encoding;

/**
 * Decodes the deprecated BIT_PACKED encoding of levels: packed from the most significant bit down.
 */
final class BitPackedLevelDecoder extends ValueDecoder {
  private final byte[] bytes;
  private final int width;
  private final long endBit;
  private long bit;

  BitPackedLevelDecoder(byte[] bytes, int from, int end, int width) {
    super(Encoding.BIT_PACKED);
    this.bytes = bytes;
    this.width = width;
    this.bit = 8L * from;
    this.endBit = 8L * end;
  }

  /** Returns the encoded length in bytes. */
  static long length(int levels, int maxLevel) {
    return ((long) levels * BitDecoder.width(maxLevel) + 7) / 8;
  }

  @Override
  public void ints(int[] to, int at, int count) {
    if (bit + (long) count * width > endBit) {
      throw new UnreadableFileException("the page has fewer levels than values");
    }
    for (int i = 0; i < count; i++) {
      int level = 0;
      for (int b = 0; b < width; b++, bit++) {
        level = level << 1 | (bytes[(int) (bit >>> 3)] >>> (7 - (bit & 7)) & 1);
      }
      to[at + i] = level;
    }
  }

  @Override
  public int remaining() {
    return (int) ((endBit - bit) >>> 3);
  }
}
