package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;

/** The definition or repetition levels of one page, in bulk. Not thread-safe. */
abstract class LevelDecoder {
  /**
   * If the next levels are known to be equal without looking at each, takes them and returns that
   * level; else takes none and returns -1.
   */
  abstract int same(int count);

  /** Takes levels one by one. */
  abstract void read(int[] to, int at, int count);

  /** The decoder of an encoding of levels up to {@code most}. */
  static LevelDecoder of(Encoding encoding, int most, byte[] bytes, int from, int end) {
    return switch (encoding) {
      case RLE -> new RunDecoder(bytes, from, end, BitDecoder.width(most));
      case BIT_PACKED -> new BitPackedLevelDecoder(bytes, from, end, BitDecoder.width(most));
      default -> throw new DecoderException("levels in the encoding " + encoding);
    };
  }
}
