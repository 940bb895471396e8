package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.internal.rows.Violations;
import io.meshwork.internal.rows.Violations.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what did not fit its column, by column and code, and remembers where it was first. */
final class FailureTally {
  private final Map<String, Count> counts = new LinkedHashMap<>();

  private static final class Count {
    private final Violation first;
    private final long firstRow;
    private long rows;

    Count(Violation first, long firstRow) {
      this.first = first;
      this.firstRow = firstRow;
    }
  }

  /** Adds what is wrong with a row; rows are numbered from 0. */
  void add(long row, List<Violation> violations) {
    for (Violation violation : violations) {
      counts.computeIfAbsent(
              violation.code() + ' ' + violation.column(), key -> new Count(violation, row))
          .rows++;
    }
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Count count : counts.values()) {
      findings.add(
          new Finding(
              count.first.code(),
              Finding.Severity.ERROR,
              count.first.column(),
              "Column "
                  + count.first.column()
                  + " does not fit in "
                  + count.rows
                  + (count.rows == 1 ? " row" : " rows")
                  + ", first in row "
                  + (count.firstRow + 1)
                  + ": "
                  + count.first.reason()
                  + ".",
              count.rows,
              List.of(),
              count.first.code().equals(Violations.UNKNOWN_COLUMN)
                  ? "Correct the name, or leave it out."
                  : "Convert the values before publishing."));
    }
    return findings;
  }
}
