package io.meshwork.internal.parquet.write;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Orders the entries of a dictionary by how often a page uses them. Its indices then are mostly
 * small numbers, which zstd compresses better than numbers in order of first appearance.
 */
final class DictionaryOrder {
  private DictionaryOrder() {}

  /**
   * Returns the new index of each entry: the most frequent first, equally frequent ones in their
   * present order. Null if all are about as frequent, so that no order is better than another: the
   * most frequent quarter of the entries has less than half of the values.
   *
   * @param indices of the page, of which the first {@code count} are used
   * @param size the number of entries
   */
  static int @Nullable [] byFrequency(int[] indices, int count, int size) {
    int[] frequencies = new int[size];
    for (int i = 0; i < count; i++) {
      frequencies[indices[i]]++;
    }
    // Frequency and index in one number: ascending, the most frequent entry comes first.
    long[] ordered = new long[size];
    for (int entry = 0; entry < size; entry++) {
      ordered[entry] = (long) (count - frequencies[entry]) << Integer.SIZE | entry;
    }
    Arrays.sort(ordered);
    int[] renumbered = new int[size];
    int frequent = 0;
    for (int place = 0; place < size; place++) {
      int entry = (int) ordered[place];
      renumbered[entry] = place;
      frequent += place * 4 < size ? frequencies[entry] : 0;
    }
    return frequent * 2L < count ? null : renumbered;
  }

  /** Replaces the first {@code count} indices by the new ones. */
  static void renumber(int[] indices, int count, int[] renumbered) {
    for (int i = 0; i < count; i++) {
      indices[i] = renumbered[indices[i]];
    }
  }

  /** Returns the present index of each entry in the new order. */
  static int[] inverse(int[] renumbered) {
    int[] present = new int[renumbered.length];
    for (int entry = 0; entry < present.length; entry++) {
      present[renumbered[entry]] = entry;
    }
    return present;
  }
}
