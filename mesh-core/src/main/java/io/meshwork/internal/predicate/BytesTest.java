package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tests on strings, UUIDs, and decimals of more than 18 digits, evaluated in place. */
sealed interface BytesTest extends ValueTest permits BytesTest.Range, BytesTest.Members, LikeTest {
  /** Returns true if the bytes from {@code start} to {@code end} pass. */
  boolean passes(byte[] data, int start, int end);

  @Override
  default void mark(Vector values, int rows, RowMask passing) {
    BytesVector strings = (BytesVector) values;
    byte[] data = strings.data();
    for (int row = 0; row < rows; row++) {
      int start = strings.start(row);
      if (passes(data, start, start + strings.length(row))) {
        passing.set(row);
      }
    }
  }

  /** The order of byte sequences. */
  enum Order {
    /** Unsigned, byte by byte: strings and UUIDs. */
    UNSIGNED,
    /** Two's complement, big-endian, of equal length: decimals. */
    SIGNED;

    int compare(byte[] data, int start, int end, byte[] other) {
      if (this == SIGNED && (data[start] < 0) != (other[0] < 0)) {
        return data[start] < 0 ? -1 : 1;
      }
      return Arrays.compareUnsigned(data, start, end, other, 0, other.length);
    }
  }

  /** One bound of a range. */
  record End(byte[] bytes, boolean included) {}

  /** Byte sequences between two bounds; a null bound is open. */
  record Range(Order order, @Nullable End least, @Nullable End most) implements BytesTest {
    @Override
    public boolean passes(byte[] data, int start, int end) {
      if (least != null) {
        int side = order.compare(data, start, end, least.bytes());
        if (side < 0 || (side == 0 && !least.included())) {
          return false;
        }
      }
      if (most != null) {
        int side = order.compare(data, start, end, most.bytes());
        return side < 0 || (side == 0 && most.included());
      }
      return true;
    }
  }

  /** Byte sequences that are members of a sorted set. */
  record Members(Order order, byte[][] sorted) implements BytesTest {
    @Override
    public boolean passes(byte[] data, int start, int end) {
      int low = 0;
      int high = sorted.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int side = order.compare(data, start, end, sorted[middle]);
        if (side == 0) {
          return true;
        } else if (side < 0) {
          high = middle - 1;
        } else {
          low = middle + 1;
        }
      }
      return false;
    }
  }
}
