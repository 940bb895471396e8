package io.meshwork.internal.predicate;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tests on strings, UUIDs, and decimals of more than 18 digits, evaluated in place. */
sealed interface BytesValuePredicate extends ValuePredicate
    permits BytesValuePredicate.Range, BytesValuePredicate.Members, LikePredicate {
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
  record Range(Order order, @Nullable End least, @Nullable End most)
      implements BytesValuePredicate {
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

  /** Byte sequences that are members of a set, which is a hash table: a list can be very long. */
  final class Members implements BytesValuePredicate {
    private final byte[][] slots;

    Members(byte[][] members) {
      slots = new byte[Integer.highestOneBit(members.length + 1) << 2][];
      for (byte[] member : members) {
        int slot = slot(member, 0, member.length);
        while (slots[slot] != null) {
          slot = next(slot);
        }
        slots[slot] = member;
      }
    }

    @Override
    public boolean passes(byte[] data, int start, int end) {
      for (int slot = slot(data, start, end); slots[slot] != null; slot = next(slot)) {
        if (Arrays.equals(data, start, end, slots[slot], 0, slots[slot].length)) {
          return true;
        }
      }
      return false;
    }

    private int slot(byte[] data, int start, int end) {
      int hash = end - start;
      for (int i = start; i < end; i++) {
        hash = hash * 31 + data[i];
      }
      hash *= 0x9E3779B9;
      return (hash ^ (hash >>> 16)) & (slots.length - 1);
    }

    private int next(int slot) {
      return (slot + 1) & (slots.length - 1);
    }
  }
}
