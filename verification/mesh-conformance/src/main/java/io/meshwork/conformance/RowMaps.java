package io.meshwork.conformance;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as maps from column names to values. */
final class RowMaps {
  private RowMaps() {}

  /** Sets a column; null means no value. */
  @SuppressWarnings("NullAway") // rows hold nulls, and the type of their maps does not show it
  static void put(Map<String, Object> row, String column, @Nullable Object value) {
    row.put(column, value);
  }
}
