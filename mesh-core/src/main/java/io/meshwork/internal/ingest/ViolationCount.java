package io.meshwork.internal.ingest;

import io.meshwork.internal.rows.TypeViolations.Violation;
import java.io.Serializable;

/**
 * Rows whose values do not fit a column for one reason, in a form that another process adds.
 *
 * @param first the first violation
 * @param row the number of its row in the input, from 0
 * @param place where the row is in its file; empty if its number says enough
 * @param rows how many rows have such a violation
 */
public record ViolationCount(Violation first, long row, String place, long rows)
    implements Serializable {
  /** The same in an input with so many rows before. */
  ViolationCount after(long earlier) {
    return new ViolationCount(first, earlier + row, place, rows);
  }
}
