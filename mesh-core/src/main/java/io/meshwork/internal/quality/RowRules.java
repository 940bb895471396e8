package io.meshwork.internal.quality;

import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;

/** The rules of a publish that judge each row by its own values. Not thread-safe. */
final class RowRules {
  private final RowFilters filters;
  private final List<RowRule> rules = new ArrayList<>();

  RowRules(RowFilters filters) {
    this.filters = filters;
  }

  private record RowRule(RuleCount ruleCount, RowRuleEvaluator evaluator) {
    boolean tolerant() {
      return ruleCount.rule().isTolerant();
    }
  }

  /**
   * The rows of a batch that break a rule which can reject rows.
   *
   * @param strict rows that break a rule without tolerance
   * @param tolerated rows that break a rule which tolerates some rows
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
    ruleCount.absent(evaluator.absent());
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
      RowMask skipped = evaluate(rule, batch, violated);
      ruleCount.evaluatedRows(batch.rows() - skipped.count());
      ruleCount.addAll(batch, firstRow);
      if (ruleCount.gates()) {
        failing.add(rule);
      }
    }
    return failing;
  }

  /** Sets the failing rows of a rule, and returns the rows that it does not apply to. */
  private RowMask evaluate(RowRule rule, VectorBatch batch, RowMask violated) {
    RowMask rows = rule.ruleCount.failing();
    rows.clear();
    RowMask skipped = filters.skipped(rule.ruleCount.rule(), violated, batch.rows());
    rule.evaluator.evaluate(batch, skipped, rows);
    rows.andNot(skipped);
    rule.ruleCount.notEvaluated(rule.evaluator.absent());
    return skipped;
  }

  /**
   * Evaluates tolerant rules again on held rows, which are already counted.
   *
   * @return all failing rows as tolerated, and as strict the rows of rules that too many break
   */
  FailingRows reevaluate(VectorBatch batch) {
    FailingRows failing = FailingRows.none(batch.rows());
    for (RowRule rule : rules) {
      RuleCount ruleCount = rule.ruleCount;
      ruleCount.failing().clear();
      if (!ruleCount.gates() || !rule.tolerant()) {
        continue;
      }
      evaluate(rule, batch, new RowMask(0));
      failing.tolerated.or(ruleCount.failing());
      if (ruleCount.exceedsTolerance()) {
        failing.strict.or(ruleCount.failing());
      }
    }
    return failing;
  }
}
