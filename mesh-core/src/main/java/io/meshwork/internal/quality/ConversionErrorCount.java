package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Counts the rows that do not fit their columns, as one rule per column: a row counts once per
 * column, however many of the column's values are wrong. Not thread-safe.
 */
final class ConversionErrorCount {
  private final Map<String, ColumnErrorCount> counts = new TreeMap<>();

  private static final class ColumnErrorCount {
    private final List<String> samples = new ArrayList<>();
    private long firstRow;
    private long rows;
  }

  /**
   * Counts a row.
   *
   * @param row its number, from 0
   * @param sample its representation for the producer
   */
  void add(long row, List<Violation> violations, Supplier<String> sample) {
    violations.stream().map(Violation::ruleId).distinct().forEach(id -> add(id, row, sample));
  }

  private void add(String id, long row, Supplier<String> sample) {
    ColumnErrorCount count = counts.computeIfAbsent(id, any -> new ColumnErrorCount());
    if (count.rows == 0 || row < count.firstRow) {
      count.firstRow = row;
    }
    if (count.samples.size() < RowSamples.MAX_SAMPLES) {
      count.samples.add(sample.get());
    }
    count.rows++;
  }

  /** Returns what was counted, by rule. */
  Map<String, GateCounts.OfColumn> counts() {
    Map<String, GateCounts.OfColumn> all = new TreeMap<>();
    counts.forEach(
        (id, count) ->
            all.put(
                id,
                new GateCounts.OfColumn(
                    count.rows, count.firstRow, new ArrayList<>(count.samples))));
    return all;
  }

  /** Adds what was counted of later rows. */
  void add(Map<String, GateCounts.OfColumn> later) {
    later.forEach(
        (id, other) -> {
          ColumnErrorCount count = counts.computeIfAbsent(id, any -> new ColumnErrorCount());
          if (count.rows == 0) {
            count.firstRow = other.first();
          }
          count.rows += other.rows();
          other.samples().stream()
              .limit(RowSamples.MAX_SAMPLES - (long) count.samples.size())
              .forEach(count.samples::add);
        });
  }

  /** Returns one failed rule per column that a row does not fit, in order of field IDs. */
  List<RuleResult> results(long offered) {
    List<RuleResult> results = new ArrayList<>();
    counts.forEach(
        (id, count) ->
            results.add(
                new RuleResult(
                    id,
                    id.replaceFirst(":", "(") + ")",
                    Rule.Severity.ERROR,
                    Outcome.FAIL,
                    count.rows,
                    offered,
                    OptionalDouble.empty(),
                    "first in row " + RowNumber.text(count.firstRow),
                    count.samples)));
    return results;
  }
}
