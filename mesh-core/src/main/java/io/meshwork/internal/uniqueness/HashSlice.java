package io.meshwork.internal.uniqueness;

/**
 * The hashes whose lowest bits are these.
 *
 * @param bits how many bits; 0 for all hashes
 * @param value the bits
 */
record HashSlice(int bits, long value) {
  static final HashSlice ALL = new HashSlice(0, 0);

  /** The number of parts that a slice has. */
  static final int PARTS = 16;

  private static final int BITS_OF_PART = 4;
  private static final int MOST_BITS = 24;

  /** Returns the hashes of a partition of {@link KeyPartitions}. */
  static HashSlice ofPartition(int part) {
    return new HashSlice(Integer.numberOfTrailingZeros(KeyPartitions.COUNT), part);
  }

  long mask() {
    return (1L << bits) - 1;
  }

  boolean has(long hash) {
    return (hash & mask()) == value;
  }

  /** Returns false if the slice is the smallest possible. */
  boolean isDivisible() {
    return bits < MOST_BITS;
  }

  HashSlice part(int index) {
    return new HashSlice(bits + BITS_OF_PART, value | (long) index << bits);
  }
}
