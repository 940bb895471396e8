package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntPredicate;

/** The keys of one map, which are texts and differ. */
final class MapKeys {
  /** Up to so many keys are compared with each other, which needs no memory. */
  private static final int FEW = 8;

  /** Why a key is refused that is null. */
  static final String NULL_KEY = "a null key; keys are texts";

  private MapKeys() {}

  /** Why keys are refused, of which two are the same. */
  static String duplicate(int keys) {
    return "two keys that are the same text, of " + keys + " keys; a map has each once";
  }

  /**
   * True if two keys are the same.
   *
   * @param start where the map's keys begin among those of all maps
   * @param end where they end
   * @param unfit says of a key that it is none; it is the same as no other
   */
  static boolean hasDuplicate(BytesVector keys, int start, int end, IntPredicate unfit) {
    if (end - start > FEW) {
      Set<ByteBuffer> seen = new HashSet<>();
      for (int i = start; i < end; i++) {
        ByteBuffer key = ByteBuffer.wrap(keys.data(), keys.start(i), keys.length(i));
        if (!unfit.test(i) && !seen.add(key)) {
          return true;
        }
      }
      return false;
    }
    for (int i = start; i < end; i++) {
      for (int j = start; j < i; j++) {
        if (same(keys, i, j) && !unfit.test(i) && !unfit.test(j)) {
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
