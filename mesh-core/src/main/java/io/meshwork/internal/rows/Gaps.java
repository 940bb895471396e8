package io.meshwork.internal.rows;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.EditDistance;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects everything that stands between a class and the columns, then refuses once. */
final class Gaps {
  private static final int NAMED = 10;

  private final String tried;
  private final List<Finding> findings = new ArrayList<>();

  /** {@code tried} starts the message, such as "Cannot publish to a/b from records of class X". */
  Gaps(String tried) {
    this.tried = tried;
  }

  void add(String code, String where, String what, String mend) {
    findings.add(Finding.error(code, where, what, mend));
  }

  /** How many there are. */
  int count() {
    return findings.size();
  }

  /** The first reason; null if there is none. */
  @Nullable String first() {
    return findings.isEmpty() ? null : findings.get(0).what();
  }

  /** Refuses input whose shape is not the contract's. */
  void refuseInput() {
    if (!findings.isEmpty()) {
      throw new ContractViolationException(
          ErrorCode.SCHEMA_MISMATCH, message("Nothing was published."), findings);
    }
  }

  /** Refuses a type to read into. */
  void refuseReader() {
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.READER_INVALID, message("Nothing was read."), findings);
    }
  }

  private String message(String state) {
    Finding first = findings.get(0);
    return tried
        + ": "
        + first.what()
        + andMore(findings)
        + ". "
        + state
        + " To mend it: "
        + first.mend()
        + ".";
  }

  static String andMore(List<Finding> findings) {
    return findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more, see findings())";
  }

  /** The candidates for a wrong name: the nearest one if any is near, and the first few. */
  static String candidates(String name, List<String> columns) {
    String nearest = null;
    int least = Math.max(2, name.length() / 2) + 1;
    for (String column : columns) {
      int distance =
          EditDistance.between(name.toLowerCase(Locale.ROOT), column.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = column;
      }
    }
    String all =
        columns.size() <= NAMED
            ? String.join(", ", columns)
            : String.join(", ", columns.subList(0, NAMED))
                + " and "
                + (columns.size() - NAMED)
                + " more";
    return (nearest == null ? "" : "the nearest column is '" + nearest + "'; ")
        + "the columns are "
        + all;
  }

  /** How a name that somebody else chose is shown. */
  static String shown(String name) {
    return Names.shown(name);
  }
}
