package io.meshwork.internal.parquet.page;

import java.io.IOException;

/** Decompresses one block of a format that repeats earlier output. Stateless. */
@FunctionalInterface
interface BlockDecoder {
  /**
   * Decompresses a block into an array.
   *
   * @param to where the first byte is written
   * @param most the maximum number of bytes
   * @return the number of bytes
   * @throws IOException if the block is malformed or has more bytes
   */
  int decode(byte[] in, int from, int length, byte[] out, int to, int most) throws IOException;
}
