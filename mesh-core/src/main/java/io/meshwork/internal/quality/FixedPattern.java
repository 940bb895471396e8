package io.meshwork.internal.quality;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matches ASCII strings of one length, eight characters at once: at each position, the character
 * must be in one of a few ranges. Immutable.
 *
 * <p>Adding a number to a character, which is at most 127, sets the high bit of its byte if the
 * character is large enough, and never carries into the next byte.
 */
final class FixedPattern {
  private static final int WORD = Long.BYTES;

  private static final int MOST_RANGES = 4;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The offset of each word; the last one may overlap the one before. */
  private final int[] offsets;

  private final int length;
  private final int ranges;

  /** For each word and range, the numbers that set the high bits of characters from its start. */
  private final long[] fromFirst;

  /** For each word and range, the numbers that set the high bits of characters after its end. */
  private final long[] afterLast;

  private FixedPattern(List<BitSet> characters, int ranges) {
    int words = (characters.size() + WORD - 1) / WORD;
    this.length = characters.size();
    this.ranges = ranges;
    this.offsets = new int[words];
    this.fromFirst = new long[words * ranges];
    this.afterLast = new long[words * ranges];
    for (int word = 0; word < words; word++) {
      offsets[word] = Math.min(word * WORD, characters.size() - WORD);
      for (int i = 0; i < WORD; i++) {
        add(characters.get(offsets[word] + i), word * ranges, i * Byte.SIZE);
      }
    }
  }

  /** Adds the ranges of one position; further ranges are empty. */
  private void add(BitSet characters, int at, int shift) {
    int next = 0;
    for (int range = 0; range < ranges; range++) {
      int first = characters.nextSetBit(next);
      int last = first < 0 ? 0 : characters.nextClearBit(first) - 1;
      fromFirst[at + range] |= (long) (0x80 - (first < 0 ? 1 : first)) << shift;
      afterLast[at + range] |= (long) (0x7F - last) << shift;
      next = first < 0 ? next : last + 1;
    }
  }

  /**
   * Returns the pattern of a sequence of characters, one set for each position; null if the
   * sequence is too short or a set has too many ranges.
   */
  static @Nullable FixedPattern of(List<BitSet> characters) {
    int most = 1;
    for (BitSet one : characters) {
      int ranges = 0;
      for (int at = one.nextSetBit(0); at >= 0; at = one.nextSetBit(one.nextClearBit(at))) {
        ranges++;
      }
      most = Math.max(most, ranges);
    }
    return characters.size() < WORD || most > MOST_RANGES
        ? null
        : new FixedPattern(characters, most);
  }

  /** Returns the length of a string that matches. */
  int length() {
    return length;
  }

  /**
   * Matches up to 64 ASCII strings of the right length, stored one after the other.
   *
   * @return bit {@code i} is set if string {@code i} does not match
   */
  long failing(byte[] data, int start, int count) {
    long failing = 0;
    for (int word = 0; word < offsets.length; word++) {
      int from = start + offsets[word];
      int at = word * ranges;
      failing |=
          ranges > 2
              ? failingAny(data, from, count, at)
              : failing(
                  data,
                  from,
                  count,
                  fromFirst[at],
                  afterLast[at],
                  fromFirst[at + ranges - 1],
                  afterLast[at + ranges - 1]);
    }
    return failing;
  }

  /** Compares one word of each text with two ranges, whose numbers stay in registers. */
  private long failing(
      byte[] data, int from, int count, long first, long last, long otherFirst, long otherLast) {
    long failing = 0;
    for (int i = 0; i < count; i++) {
      long word = (long) LONGS.get(data, from + i * length);
      long in = ((word + first) & ~(word + last)) | ((word + otherFirst) & ~(word + otherLast));
      failing |= ((in & HIGH_BITS) == HIGH_BITS ? 0L : 1L) << i;
    }
    return failing;
  }

  private long failingAny(byte[] data, int from, int count, int at) {
    long failing = 0;
    for (int i = 0; i < count; i++) {
      long word = (long) LONGS.get(data, from + i * length);
      long in = 0;
      for (int range = at; range < at + ranges; range++) {
        in |= (word + fromFirst[range]) & ~(word + afterLast[range]);
      }
      failing |= ((in & HIGH_BITS) == HIGH_BITS ? 0L : 1L) << i;
    }
    return failing;
  }
}
