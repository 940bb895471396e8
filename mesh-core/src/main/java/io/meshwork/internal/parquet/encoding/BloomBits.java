package io.meshwork.internal.parquet.encoding;

/**
 * The bits of a split-block bloom filter as parquet-format specifies them: blocks of eight
 * little-endian words, in each of which a value sets one bit. Reading is thread-safe.
 */
final class BloomBits {
  static final int BLOCK_BYTES = 32;

  private static final int WORDS = 8;
  private static final int WORD_BITS = 32;
  private static final int[] SALT = {
    0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31
  };

  private final byte[] bytes;
  private final int offset;
  private final int blocks;

  /** Wraps part of the caller's array; the length is a multiple of 32 bytes. */
  BloomBits(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.blocks = length / BLOCK_BYTES;
  }

  /** Returns a filter without any bit set. */
  static BloomBits empty(int length) {
    return new BloomBits(new byte[length], 0, length);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return blocks * BLOCK_BYTES;
  }

  void add(long hash) {
    int block = block(hash);
    for (int word = 0; word < WORDS; word++) {
      int at = block + (word << 2);
      LittleEndianEncoder.INT.set(
          bytes, at, (int) LittleEndianEncoder.INT.get(bytes, at) | bit(hash, word));
    }
  }

  /** Returns false only if no value with this hash was added. */
  boolean mightContain(long hash) {
    int block = block(hash);
    for (int word = 0; word < WORDS; word++) {
      if (((int) LittleEndianEncoder.INT.get(bytes, block + (word << 2)) & bit(hash, word)) == 0) {
        return false;
      }
    }
    return true;
  }

  private int block(long hash) {
    return offset + (int) (((hash >>> 32) * blocks) >>> 32) * BLOCK_BYTES;
  }

  private static int bit(long hash, int word) {
    return 1 << (((int) hash * SALT[word]) >>> 27);
  }

  /** Folds the filter into half its size: the upper bits of a hash select the block. */
  BloomBits halved() {
    BloomBits half = empty(length() / 2);
    for (int at = 0; at < half.length(); at += Integer.BYTES) {
      int block = at / BLOCK_BYTES * 2 * BLOCK_BYTES + at % BLOCK_BYTES;
      LittleEndianEncoder.INT.set(half.bytes, at, wordAt(block) | wordAt(block + BLOCK_BYTES));
    }
    return half;
  }

  /** Returns the expected false positive probability. */
  double falsePositives() {
    double sum = 0;
    for (int block = 0; block < blocks; block++) {
      double all = 1;
      for (int word = 0; word < WORDS; word++) {
        all *= (double) Integer.bitCount(wordAt(block * BLOCK_BYTES + (word << 2))) / WORD_BITS;
      }
      sum += all;
    }
    return sum / blocks;
  }

  private int wordAt(int at) {
    return (int) LittleEndianEncoder.INT.get(bytes, offset + at);
  }
}
