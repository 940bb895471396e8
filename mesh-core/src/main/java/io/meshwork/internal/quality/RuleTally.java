package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;

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
  private long keyOf = UniqueKeys.NOBODY;
  private final PriorityQueue<Long> gone = new PriorityQueue<>(Comparator.reverseOrder());

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
   * Counts one more row with a key that is taken.
   *
   * @param earlier the row that has it, or {@link UniqueKeys#IN_TABLE}
   */
  void add(VectorBatch batch, int row, long rowNumber, long earlier) {
    failing.set(row);
    count(rowNumber, earlier);
    if (shown.size() < RowSamples.MOST) {
      shown.add(samples.json(batch, row, rowNumber));
    }
  }

  /** Counts a row that came by before, and whose values are not at hand any more. */
  void addGone(long rowNumber, long earlier) {
    count(rowNumber, earlier);
    gone.add(rowNumber);
    if (gone.size() > RowSamples.MOST) {
      gone.remove();
    }
  }

  private void count(long rowNumber, long earlier) {
    if (count == 0 || rowNumber < firstFailing) {
      keyOf = earlier;
    }
    notice(rowNumber);
    count++;
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
    if (keyOf == UniqueKeys.IN_TABLE) {
      return ", whose key is in the product already";
    } else if (keyOf == UniqueKeys.OUTDATED) {
      return ", which is not the latest of its key";
    }
    return keyOf == UniqueKeys.NOBODY ? "" : ", which has the key of row " + (keyOf + 1);
  }

  private List<String> samples() {
    List<String> all = new ArrayList<>(shown);
    gone.stream()
        .sorted()
        .limit(RowSamples.MOST - (long) all.size())
        .forEach(row -> all.add(RowSamples.json(row)));
    return all;
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
        samples());
  }
}
