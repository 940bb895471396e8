package io.meshwork.internal.quality;

import io.meshwork.internal.uniqueness.CountedKeys;
import io.meshwork.internal.uniqueness.UniqueKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntToLongFunction;

/**
 * The uniqueness rules of a publish that only count rows whose key an earlier row has. Not
 * thread-safe.
 */
final class CountingKeyRules {
  private final RowFilters filters;
  private final List<CountingRule> rules = new ArrayList<>();

  /** Creates an empty group. */
  CountingKeyRules(RowFilters filters) {
    this.filters = filters;
  }

  private record CountingRule(RuleCount ruleCount, CountedKeys keys) {}

  void add(RuleCount ruleCount, CountedKeys keys) {
    rules.add(new CountingRule(ruleCount, keys));
  }

  /**
   * Adds the keys of published rows of a batch, for which the filters are set.
   *
   * @param numbers number in the input of each row of the batch
   */
  void add(VectorBatch batch, RowMask rows, IntToLongFunction numbers) {
    for (CountingRule rule : rules) {
      RuleCount ruleCount = rule.ruleCount;
      ruleCount.failing().clear();
      RowMask counted = filters.retained(ruleCount.rule(), rows, batch.rows());
      ruleCount.evaluatedRows(counted.count());
      rule.keys.add(
          batch,
          counted,
          numbers,
          (row, number, earlier) -> ruleCount.add(batch, row, number, earlier));
    }
  }

  /** Counts after the end of the input the rows whose key turns out to be taken. */
  void settle() {
    for (CountingRule rule : rules) {
      rule.keys.settle(rule.ruleCount::addUnavailable);
    }
  }

  void forEach(BiConsumer<RuleCount, UniqueKeys> action) {
    rules.forEach(rule -> action.accept(rule.ruleCount, rule.keys));
  }
}
