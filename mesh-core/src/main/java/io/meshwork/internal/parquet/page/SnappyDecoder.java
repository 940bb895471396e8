package io.meshwork.internal.parquet.page;

import java.io.IOException;

/**
 * Decompresses Snappy (google/snappy, format_description.txt): the length as a varint, then
 * literals and matches. In Java without native code and {@code Unsafe}, which later JVMs deny.
 * Stateless.
 */
final class SnappyDecoder {
  private static final int VARINT_BYTES = 5;

  private SnappyDecoder() {}

  /**
   * Decompresses a block.
   *
   * @param expected the length that the block must declare
   * @return the number of bytes
   * @throws IOException if the block is malformed, or declares another length
   */
  static int decode(byte[] in, int from, int length, byte[] out, int expected) throws IOException {
    int end = from + length;
    int position = from;
    long declared = 0;
    for (int shift = 0; ; shift += 7) {
      if (position == end || position - from == VARINT_BYTES) {
        throw new IOException("the length is malformed");
      }
      byte next = in[position++];
      declared |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (declared != expected) {
      throw new IOException("the block has a length of " + declared);
    }
    BlockOutput output = new BlockOutput(out, 0, expected);
    elements(in, position, end, output);
    return output.written();
  }

  private static void elements(byte[] in, int from, int end, BlockOutput output)
      throws IOException {
    int position = from;
    while (position < end) {
      int tag = in[position++] & 0xFF;
      int high = tag >>> 2;
      switch (tag & 3) {
        case 0 -> {
          int bytes = high < 60 ? 0 : high - 59;
          int count = 1 + (bytes == 0 ? high : number(in, position, bytes, end));
          output.literals(in, position + bytes, count, end);
          position += bytes + count;
        }
        case 1 -> {
          output.match((tag >>> 5 << 8) | number(in, position, 1, end), 4 + (high & 7));
          position += 1;
        }
        case 2 -> {
          output.match(number(in, position, 2, end), 1 + high);
          position += 2;
        }
        default -> {
          output.match(number(in, position, 4, end), 1 + high);
          position += 4;
        }
      }
    }
  }

  /** A little-endian number; of four bytes, one beyond what an array holds is negative. */
  private static int number(byte[] in, int position, int bytes, int end) throws IOException {
    if (bytes > end - position) {
      throw new IOException("the block ends in an element");
    }
    int number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (in[position + i] & 0xFF) << (8 * i);
    }
    return number;
  }
}
