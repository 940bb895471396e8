package io.meshwork.internal.quality;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of a publish that judge each row by its own values. Not thread-safe. */
final class RowRules {
  private final RowFilters filters;
  private final List<RowRule> rules = new ArrayList<>();

  RowRules(RowFilters filters) {
    this.filters = filters;
  }

  /** A rule and its evaluator. */
  private record RowRule(RuleCount ruleCount, RowRuleEvaluator evaluator) {
    boolean tolerant() {
      return ruleCount.rule().isTolerant();
    }
  }

  /**
   * The rows of a batch that break a rule which can reject rows.
   *
   * @param strict those that break a rule without tolerance
   * @param tolerated those that break a rule which tolerates some rows
   */
  record FailingRows(RowMask strict, RowMask tolerated) {
    static FailingRows none(int rows) {
      return new FailingRows(new RowMask(rows), new RowMask(rows));
    }

    private void add(RowRule rule) {
      (rule.tolerant() ? tolerated : strict).or(rule.ruleCount.failing());
    }
  }

  void add(RuleCount ruleCount, RowRuleEvaluator evaluator) {
    rules.add(new RowRule(ruleCount.comparedWith(evaluator.basis()), evaluator));
  }

  /**
   * Evaluates and counts the rows of a batch, for which the filters are set.
   *
   * @param violated rows that violate the schema, which no rule applies to
   * @param firstRow number of the batch's first row in the input
   */
  FailingRows evaluate(VectorBatch batch, RowMask violated, long firstRow) {
    FailingRows failing = FailingRows.none(batch.rows());
    for (RowRule rule : rules) {
      RuleCount ruleCount = rule.ruleCount;
      RowMask rows = ruleCount.failing();
      rows.clear();
      RowMask skipped = filters.skipped(ruleCount.rule(), violated, batch.rows());
      rule.evaluator.evaluate(batch, skipped, rows);
      rows.andNot(skipped);
      ruleCount.evaluatedRows(batch.rows() - skipped.count());
      ruleCount.addAll(batch, firstRow);
      if (ruleCount.gates()) {
        failing.add(rule);
      }
    }
    return failing;
  }

  /**
   * Evaluates tolerant rules again on held rows, which are already counted.
   *
   * @return all failing rows as tolerated, and as strict those of rules with too many of them
   */
  FailingRows reevaluate(VectorBatch batch) {
    FailingRows failing = FailingRows.none(batch.rows());
    for (RowRule rule : rules) {
      RuleCount ruleCount = rule.ruleCount;
      RowMask rows = ruleCount.failing();
      rows.clear();
      if (!ruleCount.gates() || !rule.tolerant()) {
        continue;
      }
      RowMask skipped = filters.skipped(ruleCount.rule(), new RowMask(0), batch.rows());
      rule.evaluator.evaluate(batch, skipped, rows);
      rows.andNot(skipped);
      failing.tolerated.or(rows);
      if (!ruleCount.rule().tolerates(ruleCount.count(), ruleCount.evaluatedRows())) {
        failing.strict.or(rows);
      }
    }
    return failing;
  }

  /** Returns why a rule could not be evaluated; null if it was, or if it is not one of these. */
  @Nullable RuleMeasurement absence(RuleCount ruleCount) {
    for (RowRule rule : rules) {
      String absent = rule.ruleCount == ruleCount ? rule.evaluator.absent() : null;
      if (absent != null) {
        return RuleMeasurement.notEvaluated(absent);
      }
    }
    return null;
  }
}
