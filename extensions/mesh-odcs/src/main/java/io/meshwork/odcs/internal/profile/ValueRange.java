package io.meshwork.odcs.internal.profile;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The minimum and maximum of values of one Java class. Not thread-safe. */
public final class ValueRange {
  private @Nullable Object min;
  private @Nullable Object max;

  void add(Object value) {
    if (min == null || compare(value, min) < 0) {
      min = value;
    }
    if (max == null || compare(value, max) > 0) {
      max = value;
    }
  }

  void addAll(ValueRange other) {
    add(other.min());
    add(other.max());
  }

  public Object min() {
    return Objects.requireNonNull(min);
  }

  public Object max() {
    return Objects.requireNonNull(max);
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }
}
