package io.meshwork.odcs;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The distinct values of a column while they are few and short. Not thread-safe. */
final class FewValues {
  static final int MOST = 20;
  private static final int LONGEST = 64;

  private final Set<Object> values = new LinkedHashSet<>();
  private boolean tooMany;

  void add(Object value) {
    if (tooMany) {
      return;
    }
    if (value instanceof String text && text.length() > LONGEST) {
      giveUp();
    } else {
      values.add(value);
      if (values.size() > MOST) {
        giveUp();
      }
    }
  }

  private void giveUp() {
    tooMany = true;
    values.clear();
  }

  /** All of them, as they came; empty if there are too many. */
  List<Object> all() {
    return List.copyOf(values);
  }
}
