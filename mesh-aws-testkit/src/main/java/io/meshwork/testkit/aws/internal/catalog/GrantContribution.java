package io.meshwork.testkit.aws.internal.catalog;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one grant contributes: columns, and whether for all rows.
 *
 * @param columns the columns except partition keys; null for all
 * @param isAllRows false if a data cells filter selects rows
 */
record GrantContribution(@Nullable Set<String> columns, boolean isAllRows) {
  static final GrantContribution ALL = new GrantContribution(null, true);

  /** Returns what both grants permit. */
  GrantContribution and(GrantContribution other) {
    return new GrantContribution(common(columns, other.columns), isAllRows && other.isAllRows);
  }

  boolean isWhole() {
    return columns == null && isAllRows;
  }

  boolean isEmpty() {
    return columns != null && columns.isEmpty();
  }

  private static @Nullable Set<String> common(
      @Nullable Set<String> one, @Nullable Set<String> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<String> both = new LinkedHashSet<>(one);
    both.retainAll(other);
    return both;
  }
}
