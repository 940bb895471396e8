package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What in the rows of one batch does not fit the contract's types: shape and type, decimal fit,
 * time range, string encoding. Filled with the batch, cleared with it. Not thread-safe.
 */
public final class Violations {
  /** The value's class can never be a value of the column. */
  public static final String TYPE_MISMATCH = "TYPE_MISMATCH";

  /** A decimal has more digits after the point than the column. */
  public static final String DECIMAL_SCALE = "DECIMAL_SCALE";

  /** A decimal has more digits before the point than the column. */
  public static final String DECIMAL_PRECISION = "DECIMAL_PRECISION";

  /** A time or timestamp is finer than the column's unit. */
  public static final String TIME_PRECISION = "TIME_PRECISION";

  /** A date, time or timestamp is outside of what the column can hold. */
  public static final String TIMESTAMP_RANGE = "TIMESTAMP_RANGE";

  /** A text is not well-formed Unicode. */
  public static final String STRING_ENCODING = "STRING_ENCODING";

  /** A value of fixed length has another length. */
  public static final String FIXED_LENGTH = "FIXED_LENGTH";

  /** A key of a map is no column of the contract. */
  public static final String UNKNOWN_COLUMN = "UNKNOWN_COLUMN";

  /** A null inside of a column, where the contract requires a value. */
  public static final String REQUIRED_NULL = "REQUIRED_NULL";

  /** A symbol inside of a column is none of the contract's. */
  public static final String ENUM_MEMBER = "ENUM_MEMBER";

  /** A map has a null among its keys. */
  public static final String MAP_KEY_NULL = "MAP_KEY_NULL";

  /** Two keys of a map are the same text. */
  public static final String MAP_KEY_DUPLICATE = "MAP_KEY_DUPLICATE";

  /** A value is larger than one value may be. */
  public static final String LIMIT = "LIMIT";

  /**
   * One thing wrong with one row.
   *
   * @param column the column's name, or the path of a place inside of it such as {@code
   *     lines[].quantity}; for {@link #UNKNOWN_COLUMN} the key, cut and cleaned
   * @param code one of the constants of {@link Violations}
   * @param reason a sentence with limits and types, never with the value
   */
  public record Violation(String column, String code, String reason) {}

  private final Map<Integer, List<Violation>> byRow = new HashMap<>();
  private final RowMask rows = new RowMask(VectorBatch.ROWS);
  private int count;

  /**
   * Adds a violation of a row of the batch. Of all elements of a list that fail for one reason the
   * first one speaks.
   */
  public void add(int row, String column, String code, String reason) {
    List<Violation> known = byRow.computeIfAbsent(row, any -> new ArrayList<>(1));
    for (Violation violation : known) {
      if (violation.code().equals(code) && violation.column().equals(column)) {
        return;
      }
    }
    known.add(new Violation(column, code, reason));
    rows.set(row);
    count++;
  }

  /** The rows with violations. Live: not to be changed or kept. */
  public RowMask rows() {
    return rows;
  }

  /** The violations of a row in the order they were found; empty if it has none. */
  public List<Violation> at(int row) {
    return List.copyOf(byRow.getOrDefault(row, List.of()));
  }

  /** The same in short, as column and code such as {@code lines[].quantity: REQUIRED_NULL}. */
  public List<String> codesAt(int row) {
    return at(row).stream().map(violation -> violation.column() + ": " + violation.code()).toList();
  }

  /** How many violations there are in all rows. */
  public int count() {
    return count;
  }

  /** True if no row has a violation. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** Forgets all violations. */
  public void clear() {
    if (count > 0) {
      byRow.clear();
      rows.clear();
      count = 0;
    }
  }
}
