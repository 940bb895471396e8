package io.meshwork.odcs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The smallest and the largest of values of one Java class. Not thread-safe. */
final class ValueRange {
  private @Nullable Object least;
  private @Nullable Object most;

  void add(Object value) {
    if (least == null || compare(value, least) < 0) {
      least = value;
    }
    if (most == null || compare(value, most) > 0) {
      most = value;
    }
  }

  Object least() {
    return Objects.requireNonNull(least);
  }

  Object most() {
    return Objects.requireNonNull(most);
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }
}
