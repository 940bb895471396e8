package io.meshwork.internal.parquet.page;

import java.io.IOException;

/**
 * Decompresses LZ4 blocks (lz4/lz4, lz4_Block_format.md). In Java without native code and {@code
 * Unsafe}, which later JVMs deny. Stateless.
 */
final class Lz4Decoder {
  private static final int MIN_MATCH = 4;

  /** The length in a token to which bytes are added. */
  private static final int CONTINUED = 15;

  private Lz4Decoder() {}

  /** Decompresses a block as {@link BlockDecoder} does. */
  static int decode(byte[] in, int from, int length, byte[] out, int to, int most)
      throws IOException {
    BlockOutput output = new BlockOutput(out, to, most);
    int end = from + length;
    int position = from;
    while (position < end) {
      int token = in[position++] & 0xFF;
      int literals = token >>> 4;
      if (literals == CONTINUED) {
        int next = afterLength(in, position, end);
        literals += added(in, position, next);
        position = next;
      }
      output.literals(in, position, literals, end);
      position += literals;
      if (position == end) {
        break;
      }
      if (end - position < 2) {
        throw new IOException("the block ends in a match");
      }
      int distance = (in[position] & 0xFF) | (in[position + 1] & 0xFF) << 8;
      position += 2;
      int match = MIN_MATCH + (token & CONTINUED);
      if (match == MIN_MATCH + CONTINUED) {
        int next = afterLength(in, position, end);
        match += added(in, position, next);
        position = next;
      }
      output.match(distance, match);
    }
    return output.written();
  }

  /** The position after the bytes of a length, all 255 except for the last. */
  private static int afterLength(byte[] in, int from, int end) throws IOException {
    int position = from;
    while (position < end && in[position] == (byte) 0xFF) {
      position++;
    }
    if (position == end) {
      throw new IOException("the block ends in a length");
    }
    return position + 1;
  }

  /** The sum of the bytes of a length, which a block of less than 8 MiB cannot exceed. */
  private static int added(byte[] in, int from, int next) throws IOException {
    return length(255L * (next - 1 - from) + (in[next - 1] & 0xFF));
  }

  /** Throws if no array has such a length. */
  static int length(long length) throws IOException {
    if (length > Integer.MAX_VALUE - 64) {
      throw new IOException("a length exceeds each block");
    }
    return (int) length;
  }
}
