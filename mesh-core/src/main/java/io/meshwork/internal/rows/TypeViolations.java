package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The values in the rows of one batch that do not fit the contract's types: shape and type, decimal
 * precision, time range, string encoding. Filled and cleared with the batch. Not thread-safe.
 */
public final class TypeViolations {
  /**
   * One violation of one row.
   *
   * @param column the column's name, or the path of a part of it such as {@code lines[].quantity};
   *     for {@link FindingCode#UNKNOWN_COLUMN} the key, truncated and sanitized
   * @param code why the value does not fit
   * @param reason a sentence with limits and types, never with the value
   */
  public record Violation(String column, FindingCode code, String reason) implements Serializable {
    /**
     * Returns the ID under which rows are counted: {@code type:} and the column. It cannot equal
     * the ID of a rule, because names of rules and columns contain no colon.
     */
    public String ruleId() {
      if (code == FindingCode.ROW_UNMAPPED) {
        return MAPPING_RULE;
      }
      if (code == FindingCode.LINE_MALFORMED) {
        return MALFORMED_LINE_RULE;
      }
      return code == FindingCode.UNKNOWN_COLUMN ? UNKNOWN_COLUMN_RULE : RULE + column;
    }

    /** Returns a short form, such as {@code lines[].quantity: REQUIRED_NULL}. */
    public String shortForm() {
      return column.isEmpty() ? code.name() : column + ": " + code;
    }
  }

  /** The prefix of the IDs of rows that do not fit their columns. */
  public static final String RULE = "type:";

  /** The ID for all columns that the contract does not declare; column names contain no hyphen. */
  public static final String UNKNOWN_COLUMN_RULE = RULE + "unknown-column";

  /** The ID for rows that a mapping to another major version does not map. */
  public static final String MAPPING_RULE = RULE + "version-mapping";

  /** The ID for lines of a text file that are not rows. */
  public static final String MALFORMED_LINE_RULE = RULE + "malformed-line";

  private final Map<Integer, List<Violation>> byRow = new HashMap<>();
  private final RowMask rows = new RowMask(VectorBatch.ROWS);
  private int count;

  /**
   * Adds a violation of a row of the batch. If several elements of a list fail for the same reason,
   * only the first one is added.
   */
  public void add(int row, String column, FindingCode code, String reason) {
    List<Violation> known = byRow.computeIfAbsent(row, any -> new ArrayList<>(1));
    for (Violation violation : known) {
      if (violation.code() == code && violation.column().equals(column)) {
        return;
      }
    }
    known.add(new Violation(column, code, reason));
    rows.set(row);
    count++;
  }

  /** Replaces each violation of a row by another one, such as one with a better reason. */
  public void replaceAll(int row, UnaryOperator<Violation> replacement) {
    List<Violation> known = byRow.get(row);
    if (known != null) {
      known.replaceAll(replacement);
    }
  }

  /** Replaces the violations of a row by one. */
  public void set(int row, Violation violation) {
    List<Violation> known = byRow.computeIfAbsent(row, any -> new ArrayList<>(1));
    count += 1 - known.size();
    known.clear();
    known.add(violation);
    rows.set(row);
  }

  /** Returns a live view of the rows with violations. Must not be modified or retained. */
  public RowMask rows() {
    return rows;
  }

  /** Returns the violations of a row in the order of detection; empty if there are none. */
  public List<Violation> at(int row) {
    return List.copyOf(byRow.getOrDefault(row, List.of()));
  }

  /** Returns the number of violations in all rows. */
  public int count() {
    return count;
  }

  /** Returns true if no row has a violation. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** Removes the violations of this row and of all rows after it. */
  void truncate(int from) {
    if (rows.next(from) < 0) {
      return;
    }
    byRow.keySet().removeIf(row -> row >= from);
    rows.clear();
    byRow.keySet().forEach(rows::set);
    count = byRow.values().stream().mapToInt(List::size).sum();
  }

  /** Removes all violations. */
  public void clear() {
    if (count > 0) {
      byRow.clear();
      rows.clear();
      count = 0;
    }
  }
}
