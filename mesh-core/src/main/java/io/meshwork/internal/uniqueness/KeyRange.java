package io.meshwork.internal.uniqueness;

import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.util.ByteBuffers;
import org.jspecify.annotations.Nullable;

/** The minimum and maximum of each column among some keys. Not thread-safe. */
final class KeyRange implements Serializable {
  /** The bounds of the values in a part of a table; null if unknown. */
  interface Bounds {
    /** Returns a lower bound of the column's values. */
    @Nullable Object least(KeyColumn column);

    /** Returns an upper bound of the column's values. */
    @Nullable Object most(KeyColumn column);
  }

  private final List<KeyColumn> columns;
  private final long[] least;
  private final long[] most;
  private final byte[][] minBytes;
  private final byte[][] maxBytes;
  private boolean empty = true;

  KeyRange(List<KeyColumn> columns) {
    this.columns = List.copyOf(columns);
    int count = columns.size();
    least = new long[count];
    most = new long[count];
    minBytes = new byte[count][];
    maxBytes = new byte[count][];
  }

  /** Returns the columns of the keys, in order. */
  List<KeyColumn> columns() {
    return columns;
  }

  void clear() {
    empty = true;
  }

  /** Adds the keys of a batch. */
  void add(RowKeys keys) {
    int count = keys.count();
    if (count == 0) {
      return;
    }
    for (int i = 0; i < least.length; i++) {
      KeyValues values = keys.values(i);
      if (columns.get(i).isBytes()) {
        addBytes(i, values, count);
      } else {
        addNumbers(i, values, count);
      }
    }
    empty = false;
  }

  private void addNumbers(int column, KeyValues values, int count) {
    long low = empty ? Long.MAX_VALUE : least[column];
    long high = empty ? Long.MIN_VALUE : most[column];
    for (int i = 0; i < count; i++) {
      low = Math.min(low, values.number(i));
      high = Math.max(high, values.number(i));
    }
    least[column] = low;
    most[column] = high;
  }

  /** Finds the extremes by their first eight bytes, and copies them once. */
  private void addBytes(int column, KeyValues values, int count) {
    boolean decimal = isDecimal(column);
    int low = 0;
    int high = 0;
    long lowPrefix = ordered(values.prefix(0), decimal);
    long highPrefix = lowPrefix;
    for (int i = 1; i < count; i++) {
      long prefix = ordered(values.prefix(i), decimal);
      if (prefix < lowPrefix || (prefix == lowPrefix && compare(values, i, low) < 0)) {
        low = i;
        lowPrefix = prefix;
      } else if (prefix > highPrefix || (prefix == highPrefix && compare(values, i, high) > 0)) {
        high = i;
        highPrefix = prefix;
      }
    }
    byte[] data = values.data();
    if (empty || compare(data, values.start(low), values.end(low), minBytes[column], decimal) < 0) {
      minBytes[column] = Arrays.copyOfRange(data, values.start(low), values.end(low));
    }
    if (empty
        || compare(data, values.start(high), values.end(high), maxBytes[column], decimal) > 0) {
      maxBytes[column] = Arrays.copyOfRange(data, values.start(high), values.end(high));
    }
  }

  /** Returns a prefix that, signed, is ordered like the values; decimals are signed already. */
  private static long ordered(long prefix, boolean decimal) {
    return decimal ? prefix : prefix ^ Long.MIN_VALUE;
  }

  /** Compares values with the same first eight bytes. */
  private static int compare(KeyValues values, int one, int other) {
    byte[] data = values.data();
    return Arrays.compareUnsigned(
        data, values.start(one), values.end(one), data, values.start(other), values.end(other));
  }

  private static int compare(byte[] key, int from, int to, byte[] other, boolean decimal) {
    if (decimal && key[from] < 0 != other[0] < 0) {
      return key[from] < 0 ? -1 : 1;
    }
    return Arrays.compareUnsigned(key, from, to, other, 0, other.length);
  }

  /** Returns false only if no key of the range can be within the bounds. */
  boolean mayMeet(Bounds bounds) {
    if (empty) {
      return false;
    }
    for (int i = 0; i < least.length; i++) {
      KeyColumn column = columns.get(i);
      Object low = bounds.least(column);
      Object high = bounds.most(column);
      if ((low != null && above(low, i)) || (high != null && below(high, i))) {
        return false;
      }
    }
    return true;
  }

  /** Returns true if a bound is above all values of a column. */
  private boolean above(Object bound, int i) {
    return switch (columns.get(i).kind()) {
      case WHOLE -> {
        Long number = number(bound);
        yield number != null && number > most[i];
      }
      case BYTES, DECIMAL -> {
        byte[] bytes = bytes(bound);
        yield bytes != null && compare(bytes, 0, bytes.length, maxBytes[i], isDecimal(i)) > 0;
      }
      case FLOATING -> false;
    };
  }

  private boolean below(Object bound, int i) {
    return switch (columns.get(i).kind()) {
      case WHOLE -> {
        Long number = number(bound);
        yield number != null && number < least[i];
      }
      case BYTES, DECIMAL -> {
        byte[] bytes = bytes(bound);
        yield bytes != null && compare(bytes, 0, bytes.length, minBytes[i], isDecimal(i)) < 0;
      }
      case FLOATING -> false;
    };
  }

  private boolean isDecimal(int i) {
    return columns.get(i).kind() == KeyColumn.Kind.DECIMAL;
  }

  private static @Nullable Long number(Object bound) {
    if (bound instanceof Long || bound instanceof Integer) {
      return ((Number) bound).longValue();
    } else if (bound instanceof Boolean truth) {
      return truth ? 1L : 0L;
    }
    return bound instanceof BigDecimal decimal && decimal.unscaledValue().bitLength() < Long.SIZE
        ? (Long) decimal.unscaledValue().longValue()
        : null;
  }

  private static byte @Nullable [] bytes(Object bound) {
    if (bound instanceof byte[] bytes) {
      return bytes;
    } else if (bound instanceof CharSequence text) {
      return text.toString().getBytes(StandardCharsets.UTF_8);
    } else if (bound instanceof ByteBuffer buffer) {
      return ByteBuffers.toByteArray(buffer);
    } else if (bound instanceof UUID id) {
      byte[] bytes = new byte[16];
      KeyBytes.putLong(bytes, 0, id.getMostSignificantBits());
      KeyBytes.putLong(bytes, Long.BYTES, id.getLeastSignificantBits());
      return bytes;
    }
    return bound instanceof BigDecimal decimal ? wide(decimal) : null;
  }

  /** Returns a decimal of more than 18 digits as stored in a vector. */
  private static byte @Nullable [] wide(BigDecimal decimal) {
    byte[] shortest = decimal.unscaledValue().toByteArray();
    if (shortest.length > 16) {
      return null;
    }
    byte[] bytes = new byte[16];
    Arrays.fill(bytes, (byte) (decimal.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, bytes, 16 - shortest.length, shortest.length);
    return bytes;
  }
}
