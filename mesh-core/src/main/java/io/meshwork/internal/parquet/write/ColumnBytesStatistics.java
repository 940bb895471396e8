package io.meshwork.internal.parquet.write;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UUIDUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Collects statistics of byte strings: unsigned order for strings, binary, fixed, and UUIDs, signed
 * order for decimals. Keeps the complete minimum and maximum, so that every truncated bound is
 * derived from the actual value.
 */
final class ColumnBytesStatistics extends ColumnStatistics {
  /** The order and the truncation of bounds. */
  enum Kind {
    /** UTF-8: truncated between characters. */
    TEXT,
    /** Truncated at any byte. */
    BINARY,
    /** Unsigned, fixed length: never truncated. */
    FIXED,
    /** Unsigned, of 16 bytes. */
    UUID,
    /** Two's complement, big-endian, of equal length: never truncated. */
    SIGNED
  }

  private final Kind kind;
  private byte[] least = new byte[0];
  private byte[] largest = new byte[0];
  private boolean bounded;
  private boolean hasPositiveEnds;
  private boolean hasNegativeEnds;

  ColumnBytesStatistics(Kind kind) {
    this.kind = kind;
  }

  /**
   * Adds {@code count} values; value {@code i} lies in {@code data} from {@code offsets[i]} to
   * {@code offsets[i + 1]}. With {@code chosen}, adds only the values that it marks.
   */
  void add(byte[] data, int[] offsets, int count, boolean @Nullable [] chosen) {
    int lowest = -1;
    int highest = -1;
    long lowestPrefix = 0;
    long highestPrefix = 0;
    for (int i = 0; i < count; i++) {
      if (chosen != null && !chosen[i]) {
        continue;
      }
      long prefix = ByteOrdering.prefix(data, offsets[i], offsets[i + 1]);
      if (kind == Kind.SIGNED) {
        prefix ^= Long.MIN_VALUE;
      } else if (kind == Kind.UUID) {
        boolean negative = data[offsets[i] + Long.BYTES] < 0;
        hasNegativeEnds |= negative;
        hasPositiveEnds |= !negative;
      }
      if (lowest < 0) {
        lowest = i;
        highest = i;
        lowestPrefix = prefix;
        highestPrefix = prefix;
        continue;
      }
      int low = Long.compareUnsigned(prefix, lowestPrefix);
      if (low < 0 || (low == 0 && compare(data, offsets, i, lowest) < 0)) {
        lowest = i;
        lowestPrefix = prefix;
      }
      int high = Long.compareUnsigned(prefix, highestPrefix);
      if (high > 0 || (high == 0 && compare(data, offsets, i, highest) > 0)) {
        highest = i;
        highestPrefix = prefix;
      }
    }
    if (lowest >= 0) {
      widen(data, offsets[lowest], offsets[lowest + 1], offsets[highest], offsets[highest + 1]);
    }
  }

  private int compare(byte[] data, int[] offsets, int left, int right) {
    return left == right
        ? 0
        : Arrays.compareUnsigned(
            data, offsets[left], offsets[left + 1], data, offsets[right], offsets[right + 1]);
  }

  private void widen(byte[] data, int lowFrom, int lowTo, int highFrom, int highTo) {
    if (!bounded || compare(data, lowFrom, lowTo, least) < 0) {
      least = Arrays.copyOfRange(data, lowFrom, lowTo);
    }
    if (!bounded || compare(data, highFrom, highTo, largest) > 0) {
      largest = Arrays.copyOfRange(data, highFrom, highTo);
    }
    bounded = true;
  }

  private int compare(byte[] data, int from, int to, byte[] other) {
    if (kind == Kind.SIGNED && from < to && (data[from] < 0) != (other[0] < 0)) {
      return data[from] < 0 ? -1 : 1;
    }
    return Arrays.compareUnsigned(data, from, to, other, 0, other.length);
  }

  @Override
  boolean bounded() {
    return bounded;
  }

  @Override
  void mergeBounds(ColumnStatistics other) {
    ColumnBytesStatistics bytes = (ColumnBytesStatistics) other;
    if (bytes.bounded) {
      if (!bounded || compare(bytes.least, least) < 0) {
        least = bytes.least;
      }
      if (!bounded || compare(bytes.largest, largest) > 0) {
        largest = bytes.largest;
      }
      hasPositiveEnds |= bytes.hasPositiveEnds;
      hasNegativeEnds |= bytes.hasNegativeEnds;
      bounded = true;
    }
  }

  @Override
  void reset() {
    super.reset();
    bounded = false;
    hasPositiveEnds = false;
    hasNegativeEnds = false;
    least = new byte[0];
    largest = new byte[0];
  }

  @Override
  int compare(byte[] left, byte[] right) {
    return compare(left, 0, left.length, right);
  }

  @Override
  @Nullable Bound lower() {
    if (!bounded) {
      return null;
    }
    if (!cuttable() || least.length <= BOUND_BYTES) {
      return new Bound(least, true);
    }
    int end = kind == Kind.TEXT ? ByteOrdering.characterEnd(least, BOUND_BYTES) : BOUND_BYTES;
    return new Bound(Arrays.copyOf(least, end), false);
  }

  @Override
  @Nullable Bound upper() {
    if (!bounded) {
      return null;
    }
    if (!cuttable() || largest.length <= BOUND_BYTES) {
      return new Bound(largest, true);
    }
    byte[] incremented =
        kind == Kind.TEXT
            ? ByteOrdering.incrementText(largest, BOUND_BYTES)
            : ByteOrdering.increment(Arrays.copyOf(largest, BOUND_BYTES));
    return incremented == null ? null : new Bound(incremented, false);
  }

  private boolean cuttable() {
    return kind == Kind.TEXT || kind == Kind.BINARY;
  }

  @Override
  @Nullable Object icebergLower(Type type) {
    if (!bounded) {
      return null;
    }
    return switch (type.typeId()) {
      case STRING -> UnicodeUtil.truncateStringMin(truncatable(least), ICEBERG_BOUND);
      case BINARY -> BinaryUtil.truncateBinaryMin(ByteBuffer.wrap(least), ICEBERG_BOUND);
      case FIXED -> least.length > BOUND_BYTES ? null : ByteBuffer.wrap(least);
      case UUID -> uuidBound(least);
      default -> decimal(type, least);
    };
  }

  @Override
  @Nullable Object icebergUpper(Type type) {
    if (!bounded) {
      return null;
    }
    return switch (type.typeId()) {
      case STRING -> UnicodeUtil.truncateStringMax(truncatable(largest), ICEBERG_BOUND);
      case BINARY -> BinaryUtil.truncateBinaryMax(ByteBuffer.wrap(largest), ICEBERG_BOUND);
      case FIXED -> largest.length > BOUND_BYTES ? null : ByteBuffer.wrap(largest);
      case UUID -> uuidBound(largest);
      default -> decimal(type, largest);
    };
  }

  private static Object decimal(Type type, byte[] bytes) {
    return new BigDecimal(new BigInteger(bytes), ((Types.DecimalType) type).scale());
  }

  /**
   * Returns a bound of UUIDs; null if the order of Parquet and Iceberg's specification (unsigned)
   * differs in Iceberg's Java library up to 1.12 ({@link UUID#compareTo}, signed), in which it
   * would hide rows. It is a UUID of the column, because Spark answers the least and the largest
   * value by the bounds of all files.
   */
  private @Nullable UUID uuidBound(byte[] bound) {
    boolean sameOrder = largest[0] >= 0 && !(hasPositiveEnds && hasNegativeEnds);
    return sameOrder ? UUIDUtil.convert(bound) : null;
  }

  /** Returns enough of a string to truncate it to 16 code points and to detect the truncation. */
  private static String truncatable(byte[] text) {
    int enough = 4 * (ICEBERG_BOUND + 2);
    int end = text.length <= enough ? text.length : ByteOrdering.characterEnd(text, enough);
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
