package io.meshwork.internal.ingest;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Counts type violations by column and code, with the first row of each. */
final class FailureTally {
  /** Maximum number of undeclared columns to name; maps may have any number. */
  private static final int MAX_UNKNOWN = 20;

  private static final Violation FURTHER =
      new Violation(
          "(further columns)", FindingCode.UNKNOWN_COLUMN, "the contract has no such columns");

  private final Map<String, ViolationTally> counts = new LinkedHashMap<>();
  private int unknown;

  private static final class ViolationTally {
    private final Violation first;
    private final long firstRow;
    private final String firstPlace;
    private long rows;
    private long lastRow = -1;

    ViolationTally(Violation first, long firstRow, String firstPlace) {
      this.first = first;
      this.firstRow = firstRow;
      this.firstPlace = firstPlace;
    }
  }

  /** Adds the violations of a row; rows are numbered from 0. */
  void add(long row, List<Violation> violations) {
    add(row, violations, () -> "");
  }

  /**
   * Adds the violations of a row.
   *
   * @param place tells where the row is in its file, for the first row of each column and code;
   *     empty if its number says enough
   */
  void add(long row, List<Violation> violations, Supplier<String> place) {
    for (Violation violation : violations) {
      Violation named = named(violation);
      ViolationTally count =
          counts.computeIfAbsent(key(named), key -> new ViolationTally(named, row, place.get()));
      if (count.lastRow != row) {
        count.lastRow = row;
        count.rows++;
      }
    }
  }

  private Violation named(Violation violation) {
    if (violation.code() != FindingCode.UNKNOWN_COLUMN || counts.containsKey(key(violation))) {
      return violation;
    }
    return unknown++ < MAX_UNKNOWN ? violation : FURTHER;
  }

  private static String key(Violation violation) {
    return violation.code() + " " + violation.column();
  }

  /** Returns what was counted. */
  List<ViolationCount> counts() {
    List<ViolationCount> all = new ArrayList<>();
    counts
        .values()
        .forEach(
            count ->
                all.add(
                    new ViolationCount(count.first, count.firstRow, count.firstPlace, count.rows)));
    return all;
  }

  /** Adds what was counted of later rows. */
  void add(List<ViolationCount> later) {
    for (ViolationCount more : later) {
      Violation named = named(more.first());
      counts.computeIfAbsent(key(named), key -> new ViolationTally(named, more.row(), more.place()))
              .rows +=
          more.rows();
    }
  }

  /** Returns a finding for each column and code of all parts, in the order of their rows. */
  static List<Finding> findings(List<List<ViolationCount>> parts) {
    FailureTally all = new FailureTally();
    parts.forEach(all::add);
    return all.findings();
  }

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (ViolationTally count : counts.values()) {
      findings.add(
          new Finding(
              count.first.code(),
              Finding.Severity.ERROR,
              count.first.column(),
              what(count.first)
                  + count.rows
                  + (count.rows == 1 ? " row" : " rows")
                  + ", first in row "
                  + RowNumber.text(count.firstRow)
                  + (count.firstPlace.isEmpty() ? "" : ", in " + count.firstPlace)
                  + ": "
                  + count.first.reason()
                  + ".",
              count.rows,
              List.of(),
              fix(count.first.code())));
    }
    return findings;
  }

  private static String what(Violation violation) {
    return switch (violation.code()) {
      case ROW_UNMAPPED -> "The mapping does not map ";
      case LINE_MALFORMED -> "The lines of files are not rows in ";
      default -> "Column " + violation.column() + " does not fit in ";
    };
  }

  private static String fix(FindingCode code) {
    return switch (code) {
      case LINE_MALFORMED -> "Correct the line, or write the file again.";
      case UNKNOWN_COLUMN ->
          "Correct the name, remove it, or add it to the contract as an optional column.";
      case ROW_UNMAPPED -> "Return a record for each row, or correct the row.";
      default -> "Convert the values before publishing.";
    };
  }
}
