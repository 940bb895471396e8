package io.meshwork.internal.quality;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The least and largest value of each column among some keys. Not thread-safe. */
public final class KeyRange {
  /** What is known of the values of a part of a table; null where nothing is. */
  public interface Bounds {
    /** No value of the column is less than this. */
    @Nullable Object least(KeyColumn column);

    /** No value of the column is more than this. */
    @Nullable Object most(KeyColumn column);
  }

  private final List<KeyColumn> columns;
  private final long[] least;
  private final long[] most;
  private final byte[][] leastBytes;
  private final byte[][] mostBytes;
  private boolean empty = true;

  KeyRange(List<KeyColumn> columns) {
    this.columns = List.copyOf(columns);
    int count = columns.size();
    least = new long[count];
    most = new long[count];
    leastBytes = new byte[count][];
    mostBytes = new byte[count][];
  }

  /** The columns of the keys, in their order. */
  public List<KeyColumn> columns() {
    return columns;
  }

  boolean isEmpty() {
    return empty;
  }

  void clear() {
    empty = true;
  }

  /** Takes a key in, as {@link RowKey} writes it. */
  void add(byte[] key) {
    int at = 0;
    for (int i = 0; i < least.length; i++) {
      KeyColumn column = columns.get(i);
      if (!column.isBytes()) {
        long value = BigEndian.longAt(key, at);
        least[i] = empty ? value : Math.min(least[i], value);
        most[i] = empty ? value : Math.max(most[i], value);
        at += Long.BYTES;
        continue;
      }
      int length = BigEndian.intAt(key, at);
      int from = at + Integer.BYTES;
      at = from + length;
      boolean decimal = column.kind() == KeyColumn.Kind.DECIMAL;
      if (empty || compare(key, from, at, leastBytes[i], decimal) < 0) {
        leastBytes[i] = Arrays.copyOfRange(key, from, at);
      }
      if (empty || compare(key, from, at, mostBytes[i], decimal) > 0) {
        mostBytes[i] = Arrays.copyOfRange(key, from, at);
      }
    }
    empty = false;
  }

  private static int compare(byte[] key, int from, int to, byte[] other, boolean decimal) {
    if (decimal && key[from] < 0 != other[0] < 0) {
      return key[from] < 0 ? -1 : 1;
    }
    return Arrays.compareUnsigned(key, from, to, other, 0, other.length);
  }

  /** False only if no key of the range can lie within the bounds. */
  public boolean mayMeet(Bounds bounds) {
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

  /** True if a bound lies above all values of a column. */
  private boolean above(Object bound, int i) {
    return switch (columns.get(i).kind()) {
      case WHOLE -> {
        Long number = number(bound);
        yield number != null && number > most[i];
      }
      case BYTES, DECIMAL -> {
        byte[] bytes = bytes(bound);
        yield bytes != null && compare(bytes, 0, bytes.length, mostBytes[i], isDecimal(i)) > 0;
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
        yield bytes != null && compare(bytes, 0, bytes.length, leastBytes[i], isDecimal(i)) < 0;
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
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    } else if (bound instanceof UUID id) {
      byte[] bytes = new byte[16];
      BigEndian.putLong(bytes, 0, id.getMostSignificantBits());
      BigEndian.putLong(bytes, Long.BYTES, id.getLeastSignificantBits());
      return bytes;
    }
    return bound instanceof BigDecimal decimal ? wide(decimal) : null;
  }

  /** As a long decimal lies in a vector. */
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
