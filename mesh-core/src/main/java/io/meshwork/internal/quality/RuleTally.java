package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** One rule and what it found so far. Not thread-safe. */
final class RuleTally {
  private final Rule rule;
  private final RowSamples samples;
  private final RowMask failing = new RowMask(VectorBatch.ROWS);
  private final List<String> shown = new ArrayList<>();
  private long count;
  private long judged;
  private String basis = "";
  private long firstFailing;
  private long keyOf = KeyRows.UNKNOWN;

  RuleTally(Rule rule, RowSamples samples) {
    this.rule = rule;
    this.samples = samples;
  }

  Rule rule() {
    return rule;
  }

  boolean gates() {
    return rule.severity() == Rule.Severity.ERROR;
  }

  /** The rows of the batch judged last that fail. */
  RowMask failing() {
    return failing;
  }

  long count() {
    return count;
  }

  /**
   * Counts one more row with a key that an earlier row has.
   *
   * @param earlier gives that row's number, or {@link KeyRows#UNKNOWN}; asked for the first row
   */
  void add(VectorBatch batch, int row, long rowNumber, LongSupplier earlier) {
    failing.set(row);
    if (count == 0 || rowNumber < firstFailing) {
      keyOf = earlier.getAsLong();
    }
    notice(rowNumber);
    count++;
    if (shown.size() < RowSamples.MOST) {
      shown.add(samples.json(batch, row, rowNumber));
    }
  }

  /** Counts the rows in {@link #failing()}. */
  void addAll(VectorBatch batch, long firstRow) {
    if (failing.next(0) >= 0) {
      notice(firstRow + failing.next(0));
    }
    count += failing.count();
    for (int row = failing.next(0);
        row >= 0 && shown.size() < RowSamples.MOST;
        row = failing.next(row + 1)) {
      shown.add(samples.json(batch, row, firstRow + row));
    }
  }

  /** Says that the rule looked at so many more rows; fewer if below 0. */
  void judged(long rows) {
    judged += rows;
  }

  /** How many rows the rule looked at. */
  long judged() {
    return judged;
  }

  /** The result of a rule on rows. */
  RuleResult result() {
    return result(
        rule.tolerates(count, judged) ? Outcome.PASS : Outcome.FAIL,
        OptionalDouble.empty(),
        count == 0
            ? basis
            : "first in row "
                + (firstFailing + 1)
                + sameKey()
                + (basis.isEmpty() ? "" : "; " + basis));
  }

  /** Says what its rows are compared with. */
  RuleTally comparedWith(String what) {
    basis = what;
    return this;
  }

  /** The result of a rule that measured the whole, or could not be judged at all. */
  RuleResult result(Measured measured) {
    return result(measured.outcome(), measured.measure(), measured.reason());
  }

  private String sameKey() {
    return keyOf == KeyRows.UNKNOWN ? "" : ", which has the key of row " + (keyOf + 1);
  }

  private void notice(long rowNumber) {
    if (count == 0 || rowNumber < firstFailing) {
      firstFailing = rowNumber;
    }
  }

  private RuleResult result(Outcome outcome, OptionalDouble measure, String reason) {
    return new RuleResult(
        rule.id(),
        rule.toString(),
        rule.severity(),
        outcome,
        count,
        judged,
        judged == 0 ? 0 : 100.0 * count / judged,
        measure,
        reason,
        shown);
  }
}
