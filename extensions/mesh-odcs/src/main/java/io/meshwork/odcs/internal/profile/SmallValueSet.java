package io.meshwork.odcs.internal.profile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The distinct values of a column, as long as they are few and short. Not thread-safe. */
public final class SmallValueSet {
  static final int MAX_VALUES = 20;
  private static final int MAX_LENGTH = 64;

  private final Set<Object> values = new LinkedHashSet<>();
  private boolean discarded;

  void add(Object value) {
    if (discarded) {
      return;
    }
    if (value instanceof String text && text.length() > MAX_LENGTH) {
      discard();
    } else {
      values.add(value);
      if (values.size() > MAX_VALUES) {
        discard();
      }
    }
  }

  void addAll(SmallValueSet other) {
    if (other.discarded) {
      discard();
    } else {
      other.values.forEach(this::add);
    }
  }

  private void discard() {
    discarded = true;
    values.clear();
  }

  /** Returns the values in the order of occurrence; empty if there are too many. */
  public List<Object> all() {
    return List.copyOf(values);
  }
}
