package io.meshwork.internal.rows;

import io.meshwork.internal.vector.BytesVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/** Checks the keys of one map, which must be distinct strings. */
final class MapKeys {
  /** Up to this number, keys are compared pairwise, which needs no memory. */
  private static final int PAIRWISE_LIMIT = 8;

  /** The reason for a null key. */
  static final String NULL_KEY = "a null key; keys must be text";

  private MapKeys() {}

  /** Returns the reason for duplicate keys. */
  static String duplicate(int keys) {
    return "duplicate keys among " + keys + " keys; keys must be distinct";
  }

  /**
   * Returns true if two keys are equal.
   *
   * @param start index of the map's first key among the keys of all maps
   * @param end index after its last key
   * @param invalid returns true for an invalid key, which equals no other
   */
  static boolean hasDuplicate(BytesVector keys, int start, int end, IntPredicate invalid) {
    if (end - start > PAIRWISE_LIMIT) {
      Set<ByteBuffer> seen = new HashSet<>();
      for (int i = start; i < end; i++) {
        ByteBuffer key = ByteBuffer.wrap(keys.data(), keys.start(i), keys.length(i));
        if (!invalid.test(i) && !seen.add(key)) {
          return true;
        }
      }
      return false;
    }
    for (int i = start; i < end; i++) {
      for (int j = start; j < i; j++) {
        if (same(keys, i, j) && !invalid.test(i) && !invalid.test(j)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean same(BytesVector keys, int left, int right) {
    return Arrays.equals(
        keys.data(),
        keys.start(left),
        keys.start(left) + keys.length(left),
        keys.data(),
        keys.start(right),
        keys.start(right) + keys.length(right));
  }
}
