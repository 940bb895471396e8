package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.uniqueness.UniqueKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The failing rows of one rule. Not thread-safe. */
final class RuleCount {
  private final Rule rule;
  private final RowSamples samples;
  private final RowMask failing = new RowMask(VectorBatch.ROWS);
  private final List<String> shown = new ArrayList<>();
  private long count;
  private long judged;
  private String basis = "";
  private @Nullable String notEvaluated;
  private boolean absent;
  private String firstPlace = "";
  private long firstFailing;
  private long keyOf = UniqueKeys.NO_ROW;
  private final PriorityQueue<Long> gone = new PriorityQueue<>(Comparator.reverseOrder());

  RuleCount(Rule rule, RowSamples samples) {
    this.rule = rule;
    this.samples = samples;
  }

  Rule rule() {
    return rule;
  }

  boolean gates() {
    return rule.severity() == Rule.Severity.ERROR;
  }

  /** Returns the failing rows of the last batch. */
  RowMask failing() {
    return failing;
  }

  /**
   * Counts a row whose key is taken.
   *
   * @param earlier the row that has the key, or {@link UniqueKeys#IN_TABLE}
   */
  void add(VectorBatch batch, int row, long rowNumber, long earlier) {
    failing.set(row);
    count(rowNumber, earlier);
    place(row, rowNumber);
    if (shown.size() < RowSamples.MAX_SAMPLES) {
      shown.add(samples.json(batch, row, rowNumber));
    }
  }

  /** Counts an earlier row, whose values are no longer available. */
  void addUnavailable(long rowNumber, long earlier) {
    count(rowNumber, earlier);
    if (rowNumber == firstFailing) {
      firstPlace = "";
    }
    gone.add(rowNumber);
    if (gone.size() > RowSamples.MAX_SAMPLES) {
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
      place(failing.next(0), firstRow + failing.next(0));
    }
    count += failing.count();
    for (int row = failing.next(0);
        row >= 0 && shown.size() < RowSamples.MAX_SAMPLES;
        row = failing.next(row + 1)) {
      shown.add(samples.json(batch, row, firstRow + row));
    }
  }

  private void place(int row, long rowNumber) {
    if (rowNumber == firstFailing) {
      firstPlace = samples.place(row);
    }
  }

  /** Returns what it counted, without keys. */
  GateCounts.OfRule counts() {
    return new GateCounts.OfRule(
        count, judged, firstFailing, firstPlace, new ArrayList<>(samples()), notEvaluated);
  }

  /**
   * Adds what the same rule counted of later rows. None of them fails a rule that could not be
   * evaluated on earlier ones.
   */
  void add(GateCounts.OfRule later) {
    judged += later.evaluated();
    if (notEvaluated != null) {
      return;
    }
    notEvaluated = later.notEvaluated();
    if (count == 0) {
      firstFailing = later.first();
      firstPlace = later.place();
    }
    count += later.failing();
    later.samples().stream()
        .limit(RowSamples.MAX_SAMPLES - (long) shown.size())
        .forEach(shown::add);
  }

  /** Adds to the number of evaluated rows; may be negative. */
  void evaluatedRows(long rows) {
    judged += rows;
  }

  /** Sets why the rule cannot be evaluated on any row; null if it can. */
  void absent(@Nullable String reason) {
    notEvaluated = reason;
    absent = reason != null;
  }

  /** Sets why the rule could not be evaluated; null if it was. */
  void notEvaluated(@Nullable String reason) {
    notEvaluated = reason;
  }

  /** True if the rule was evaluated on some rows only, and can reject rows. */
  boolean isInterrupted() {
    return gates() && notEvaluated != null && !absent;
  }

  /** True if more rows fail than the rule tolerates. */
  boolean exceedsTolerance() {
    return notEvaluated == null && !rule.tolerates(count, judged);
  }

  /** Returns the number of evaluated rows. */
  long evaluatedRows() {
    return judged;
  }

  /** Returns the result of a rule across rows if it is not known which rows are quarantined. */
  RuleResult withoutRows() {
    return new RuleCount(rule, samples).result(RuleMeasurement.skipped(PendingRule.NOT_EVALUATED));
  }

  /** Returns the result of a row rule. */
  RuleResult result() {
    if (notEvaluated != null) {
      return result(RuleMeasurement.notEvaluated(notEvaluated));
    }
    return result(
        rule.tolerates(count, judged) ? Outcome.PASS : Outcome.FAIL,
        OptionalDouble.empty(),
        count == 0
            ? basis
            : "first in row "
                + RowNumber.text(firstFailing)
                + firstPlace
                + sameKey()
                + (basis.isEmpty() ? "" : "; " + basis));
  }

  /** Sets what its rows are compared with. */
  RuleCount comparedWith(String what) {
    basis = what;
    return this;
  }

  /** Returns the result of a rule that was measured, or could not be evaluated. */
  RuleResult result(RuleMeasurement measured) {
    return result(measured.outcome(), measured.measure(), measured.reason());
  }

  private String sameKey() {
    if (keyOf == UniqueKeys.IN_TABLE) {
      return ", whose key the product already contains";
    } else if (keyOf == UniqueKeys.OUTDATED) {
      return ", which is not the latest row of its key";
    }
    return keyOf == UniqueKeys.NO_ROW ? "" : ", which has the key of row " + RowNumber.text(keyOf);
  }

  private List<String> samples() {
    List<String> all = new ArrayList<>(shown);
    gone.stream()
        .sorted()
        .limit(RowSamples.MAX_SAMPLES - (long) all.size())
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
        rule.inWords(),
        rule.severity(),
        outcome,
        count,
        judged,
        measure,
        reason,
        samples());
  }
}
