package io.meshwork.internal.quality;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of one batch whose values violated the schema before they were checked, with the columns
 * in which they did. Not thread-safe.
 */
public final class ConversionFailures {
  private final Map<Integer, List<Violation>> violations = new HashMap<>();

  /** Adds a row; the batch has the values of its other columns. */
  public void add(int row, List<Violation> rowViolations) {
    violations.put(row, rowViolations);
  }

  /** Removes all rows. */
  void clear() {
    violations.clear();
  }

  RowMask rows() {
    RowMask rows = new RowMask(0);
    violations.keySet().forEach(rows::set);
    return rows;
  }

  /**
   * Rows to skip when a column is checked.
   *
   * @param others rows to skip in all columns, unless they are here
   */
  RowMask skipped(String column, RowMask others) {
    if (violations.isEmpty()) {
      return others;
    }
    RowMask skipped = new RowMask(0);
    skipped.or(others);
    RowMask checked = new RowMask(0);
    violations.forEach(
        (row, rowViolations) -> {
          if (rowViolations.stream().noneMatch(violation -> isIn(column, violation))) {
            checked.set(row);
          }
        });
    skipped.andNot(checked);
    return skipped;
  }

  /** True for a violation of the column, of a part of it, or of the row as a whole. */
  private static boolean isIn(String column, Violation violation) {
    String path = violation.column();
    return path.isEmpty()
        || (violation.code() != FindingCode.UNKNOWN_COLUMN
            && path.startsWith(column)
            && (path.length() == column.length()
                || ".[{".indexOf(path.charAt(column.length())) >= 0));
  }
}
