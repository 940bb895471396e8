package io.meshwork.internal.parquet.encoding;

/** XXH64 with seed 0, the hash of Parquet's bloom filters. */
final class XxHash64 {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;
  private static final int STRIPE = 32;

  /** The sum of both primes, modulo 2^64. */
  private static final long PRIMES_1_AND_2 = 0x60EA27EEADC0B5D6L;

  private XxHash64() {}

  /** Returns the hash of an int's four bytes, little-endian. */
  static long ofInt(int value) {
    return finish(withInt(PRIME_5 + Integer.BYTES, value));
  }

  /** Returns the hash of a long's eight bytes, little-endian. */
  static long ofLong(long value) {
    return finish(withLong(PRIME_5 + Long.BYTES, value));
  }

  static long of(byte[] data, int from, int length) {
    int at = from;
    int end = from + length;
    long hash = PRIME_5;
    if (length >= STRIPE) {
      long first = PRIMES_1_AND_2;
      long second = PRIME_2;
      long third = 0;
      long fourth = -PRIME_1;
      for (; at <= end - STRIPE; at += STRIPE) {
        first = round(first, longAt(data, at));
        second = round(second, longAt(data, at + 8));
        third = round(third, longAt(data, at + 16));
        fourth = round(fourth, longAt(data, at + 24));
      }
      hash =
          Long.rotateLeft(first, 1)
              + Long.rotateLeft(second, 7)
              + Long.rotateLeft(third, 12)
              + Long.rotateLeft(fourth, 18);
      hash = merged(merged(merged(merged(hash, first), second), third), fourth);
    }
    hash += length;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = withLong(hash, longAt(data, at));
    }
    if (at <= end - Integer.BYTES) {
      hash = withInt(hash, (int) LittleEndianEncoder.INT.get(data, at));
      at += Integer.BYTES;
    }
    for (; at < end; at++) {
      hash = Long.rotateLeft(hash ^ (data[at] & 0xFF) * PRIME_5, 11) * PRIME_1;
    }
    return finish(hash);
  }

  private static long longAt(byte[] data, int at) {
    return (long) LittleEndianEncoder.LONG.get(data, at);
  }

  private static long round(long lane, long value) {
    return Long.rotateLeft(lane + value * PRIME_2, 31) * PRIME_1;
  }

  private static long merged(long hash, long lane) {
    return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
  }

  private static long withLong(long hash, long value) {
    return Long.rotateLeft(hash ^ round(0, value), 27) * PRIME_1 + PRIME_4;
  }

  private static long withInt(long hash, int value) {
    return Long.rotateLeft(hash ^ (value & 0xFFFF_FFFFL) * PRIME_1, 23) * PRIME_2 + PRIME_3;
  }

  private static long finish(long hash) {
    long mixedHash = (hash ^ (hash >>> 33)) * PRIME_2;
    mixedHash = (mixedHash ^ (mixedHash >>> 29)) * PRIME_3;
    return mixedHash ^ (mixedHash >>> 32);
  }
}
