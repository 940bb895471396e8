package io.meshwork.conformance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as maps from column to value. */
final class RowMaps {
  private RowMaps() {}

  /** Sets a column; null is a value that is missing. */
  @SuppressWarnings("NullAway") // rows hold nulls, and the type of their maps does not show it
  static void put(Map<String, Object> row, String column, @Nullable Object value) {
    row.put(column, value);
  }
}
