package io.meshwork.internal.parquet.encoding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.parquet.format.BloomFilterAlgorithm;
import org.apache.parquet.format.BloomFilterCompression;
import org.apache.parquet.format.BloomFilterHash;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.SplitBlockAlgorithm;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Uncompressed;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.XxHash;

/** The bloom filter of a column chunk. Nulls are not covered. Immutable and thread-safe. */
public final class BloomFilter {
  /** The length in bytes of a filter is a multiple of this. */
  public static final int BLOCK_BYTES = BloomBits.BLOCK_BYTES;

  private final BloomBits bits;
  private final Type physical;
  private final int drop;

  /**
   * Creates a filter over the bits of a file.
   *
   * @param bytes the caller's array, which must not be modified
   * @param from the offset of the bits
   * @param length a multiple of {@link #BLOCK_BYTES}
   * @param physical the physical type of the column
   * @param drop the number of leading bytes of a value in its vector that the file omits
   */
  public BloomFilter(byte[] bytes, int from, int length, Type physical, int drop) {
    this.bits = new BloomBits(bytes, from, length);
    this.physical = physical;
    this.drop = drop;
  }

  /**
   * Returns false only if the chunk does not contain the value that a vector stores as this
   * integer.
   */
  public boolean mightContain(long value) {
    if (physical == Type.INT32) {
      return value == (int) value && bits.mightContain(XxHash64.ofInt((int) value));
    }
    return bits.mightContain(XxHash64.ofLong(value));
  }

  /**
   * Returns false only if the chunk does not contain the value that a vector stores as these bytes.
   */
  public boolean mightContain(byte[] data, int from, int length) {
    return bits.mightContain(XxHash64.of(data, from + drop, length - drop));
  }

  /**
   * Builds the bloom filter of one column chunk. Sized for the number of distinct values so that
   * the false positive probability is at most about one in a thousand, up to a size limit. Not
   * thread-safe.
   */
  public static final class Builder {
    /** The size limit of a filter: enough for the 1,048,576 values of a full row group. */
    static final int MAX_BYTES = 2 << 20;

    /** The target false positive probability. */
    static final double FALSE_POSITIVES = 0.001;

    /** The number of hashes buffered before the filter is allocated at full size. */
    private static final int KEPT = 1 << 16;

    private static final double BITS_PER_VALUE =
        -8 / Math.log(1 - Math.pow(FALSE_POSITIVES, 1 / 8.0));

    private static final int FEW = 256;

    private long[] hashes = new long[FEW];
    private int count;
    private BloomBits bits = BloomBits.empty(0);

    /** Creates an empty builder. */
    public Builder() {}

    /** Adds the first {@code count} values of a column of INT32. */
    public void addInts(long[] values, int count) {
      for (int i = 0; i < count; i++) {
        add(XxHash64.ofInt((int) values[i]));
      }
    }

    /** Adds the first {@code count} values of a column of INT64, or the bits of numbers. */
    public void addLongs(long[] values, int count) {
      for (int i = 0; i < count; i++) {
        add(XxHash64.ofLong(values[i]));
      }
    }

    /**
     * Adds the first {@code count} byte strings. String {@code i} lies in {@code source} from
     * {@code starts[i]} to {@code starts[i + 1]}.
     */
    public void addByteArrays(byte[] source, int[] starts, int count) {
      for (int i = 0; i < count; i++) {
        add(XxHash64.of(source, starts[i], starts[i + 1] - starts[i]));
      }
    }

    void add(long hash) {
      if (bits.length() > 0) {
        bits.add(hash);
        return;
      }
      if (count > 0 && hashes[count - 1] == hash) {
        return;
      }
      if (count == KEPT) {
        fill(MAX_BYTES);
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

    /** Returns the memory of the chunk's hashes in bytes; a few hashes are not counted. */
    public long heldBytes() {
      return (hashes.length > FEW ? 8L * hashes.length : 0) + bits.length();
    }

    /** Ends the chunk and starts the next; returns header and bits as stored in the file. */
    public byte[] finish() {
      if (bits.length() == 0) {
        fill(bytesFor(count));
      }
      // The count may include duplicates.
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
      if (hashes.length > FEW) {
        hashes = new long[FEW];
      }
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
        throw new UncheckedIOException("writing to memory failed", e);
      }
      return out.toByteArray();
    }

    private static int bytesFor(int values) {
      int bytes = BloomBits.BLOCK_BYTES;
      while (bytes < MAX_BYTES && bytes * 8.0 < values * BITS_PER_VALUE) {
        bytes *= 2;
      }
      return bytes;
    }
  }
}
