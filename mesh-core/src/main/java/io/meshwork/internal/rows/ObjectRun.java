package io.meshwork.internal.rows;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values that are appended at once. Not thread-safe. */
final class ObjectRun {
  private @Nullable Object[] values;
  private int size;

  ObjectRun(int expected) {
    values = new @Nullable Object[Math.max(16, expected)];
  }

  void add(@Nullable Object value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  /** Returns the content of an Optional, or any other value itself. */
  static @Nullable Object content(@Nullable Object value) {
    return value instanceof Optional<?> optional ? optional.orElse(null) : value;
  }

  /** Returns the array of the values, of which the first {@link #size()} are valid. */
  @Nullable Object[] values() {
    return values;
  }

  int size() {
    return size;
  }
}
