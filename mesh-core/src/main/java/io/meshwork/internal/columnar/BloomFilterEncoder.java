package io.meshwork.internal.columnar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.parquet.format.BloomFilterAlgorithm;
import org.apache.parquet.format.BloomFilterCompression;
import org.apache.parquet.format.BloomFilterHash;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.SplitBlockAlgorithm;
import org.apache.parquet.format.Uncompressed;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.XxHash;

/**
 * The bloom filter of one column chunk: sized for the values that differ, so that about one in a
 * thousand that are not there is found, within a limit. Not thread-safe.
 */
final class BloomFilterEncoder {
  /** Most bytes of a filter: enough for the 1,048,576 values of a full row group. */
  static final int MOST_BYTES = 2 << 20;

  /** The share of absent values that may be found. */
  static final double FALSE_POSITIVES = 0.001;

  /** So many hashes are kept before it is decided that the filter will be a large one. */
  private static final int KEPT = 1 << 16;

  private static final double BITS_A_VALUE = -8 / Math.log(1 - Math.pow(FALSE_POSITIVES, 1 / 8.0));

  private long[] hashes = new long[256];
  private int count;
  private BloomBits bits = BloomBits.empty(0);

  void add(long hash) {
    if (bits.length() > 0) {
      bits.add(hash);
      return;
    }
    if (count > 0 && hashes[count - 1] == hash) {
      return;
    }
    if (count == KEPT) {
      fill(MOST_BYTES);
      bits.add(hash);
      return;
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, count * 2);
    }
    hashes[count++] = hash;
  }

  private void fill(int bytes) {
    bits = BloomBits.empty(bytes);
    for (int i = 0; i < count; i++) {
      bits.add(hashes[i]);
    }
  }

  /** Ends the chunk and starts the next; header and bits as they lie in the file. */
  byte[] finish() {
    if (bits.length() == 0) {
      fill(bytesFor(count));
    }
    // What was counted may have come more than once.
    BloomBits smallest = bits;
    while (smallest.length() > BloomBits.BLOCK_BYTES) {
      BloomBits half = smallest.halved();
      if (half.falsePositives() > FALSE_POSITIVES) {
        break;
      }
      smallest = half;
    }
    count = 0;
    bits = BloomBits.empty(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream(smallest.length() + 64);
    try {
      Util.writeBloomFilterHeader(
          new BloomFilterHeader(
              smallest.length(),
              BloomFilterAlgorithm.BLOCK(new SplitBlockAlgorithm()),
              BloomFilterHash.XXHASH(new XxHash()),
              BloomFilterCompression.UNCOMPRESSED(new Uncompressed())),
          out);
      out.write(smallest.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return out.toByteArray();
  }

  private static int bytesFor(int values) {
    int bytes = BloomBits.BLOCK_BYTES;
    while (bytes < MOST_BYTES && bytes * 8.0 < values * BITS_A_VALUE) {
      bytes *= 2;
    }
    return bytes;
  }
}
