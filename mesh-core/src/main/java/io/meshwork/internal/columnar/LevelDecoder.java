package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;

/** Decodes the definition or repetition levels of one page in bulk. Not thread-safe. */
abstract class LevelDecoder {
  /**
   * Consumes the next levels and returns their value if they are known to be equal without decoding
   * each; else consumes none and returns -1.
   */
  abstract int same(int count);

  /** Decodes levels. */
  abstract void read(int[] to, int at, int count);

  /** Returns the decoder of an encoding for levels up to {@code most}. */
  static LevelDecoder of(Encoding encoding, int most, byte[] bytes, int from, int end) {
    return switch (encoding) {
      case RLE -> new RunDecoder(bytes, from, end, BitDecoder.width(most));
      case BIT_PACKED -> new BitPackedLevelDecoder(bytes, from, end, BitDecoder.width(most));
      default -> throw new MalformedFileException("unsupported encoding of levels: " + encoding);
    };
  }
}
