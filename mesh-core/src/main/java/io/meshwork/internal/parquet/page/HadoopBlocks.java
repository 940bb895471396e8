package io.meshwork.internal.parquet.page;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decompresses pages in the block format of Hadoop's codecs, which parquet-java writes for LZ4 and
 * LZO: the uncompressed size of a block, then parts, each with its compressed size. Sizes are
 * big-endian.
 */
final class HadoopBlocks {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private HadoopBlocks() {}

  /** Decompresses at most this many bytes; returns their number. */
  static int decompress(
      BlockDecoder parts, byte[] bytes, int from, int length, byte[] to, int expected)
      throws IOException {
    int position = from;
    int end = from + length;
    int written = 0;
    while (position < end) {
      int blockEnd = written + size(bytes, position, end, expected - written);
      position += Integer.BYTES;
      while (written < blockEnd) {
        int part = size(bytes, position, end, end - position - Integer.BYTES);
        position += Integer.BYTES;
        int some = parts.decode(bytes, position, part, to, written, blockEnd - written);
        if (some == 0) {
          throw new UnreadableFileException("a compressed block has an empty part");
        }
        position += part;
        written += some;
      }
    }
    return written;
  }

  private static int size(byte[] bytes, int position, int end, int most) {
    int size = end - position < Integer.BYTES ? -1 : (int) INT.get(bytes, position);
    if (size < 0 || size > most) {
      throw new UnreadableFileException("a compressed block exceeds its page");
    }
    return size;
  }
}
