package io.meshwork.internal.quality;

import io.meshwork.internal.uniqueness.CountedKeys;
import io.meshwork.internal.uniqueness.RowSet;
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
  private final boolean rejecting;
  private final List<CountingRule> rules = new ArrayList<>();

  /** The rows that break any rule which can reject the publish. */
  private final RowSet erroneousRows = new RowSet();

  /**
   * Creates an empty group.
   *
   * @param rejecting true if erroneous rows reject the publish, so that each is counted once
   */
  CountingKeyRules(RowFilters filters, boolean rejecting) {
    this.filters = filters;
    this.rejecting = rejecting;
  }

  /** A rule and its keys. */
  private record CountingRule(RuleCount ruleCount, CountedKeys keys) {}

  void add(RuleCount ruleCount, CountedKeys keys) {
    rules.add(new CountingRule(ruleCount, keys));
  }

  /**
   * Adds the keys of published rows of a batch, for which the filters are set.
   *
   * @param numbers number in the input of each row of the batch
   * @param erroneous rows that break another rule; gets the duplicates that are already known
   */
  void add(VectorBatch batch, RowMask rows, IntToLongFunction numbers, RowMask erroneous) {
    for (CountingRule rule : rules) {
      RuleCount ruleCount = rule.ruleCount;
      ruleCount.failing().clear();
      RowMask counted = filters.retained(ruleCount.rule(), rows, batch.rows());
      ruleCount.evaluatedRows(counted.count());
      rule.keys.add(
          batch,
          counted,
          numbers,
          (row, number, earlier) -> {
            ruleCount.add(batch, row, number, earlier);
            if (ruleCount.gates()) {
              erroneous.set(row);
            }
          });
    }
    if (rejecting && !rules.isEmpty()) {
      for (int row = erroneous.next(0); row >= 0; row = erroneous.next(row + 1)) {
        erroneousRows.add(numbers.applyAsLong(row));
      }
    }
  }

  /**
   * Counts after the end of the input the rows whose key turns out to be taken. Returns how many
   * rows become erroneous by that; 0 unless erroneous rows reject the publish.
   */
  long settle() {
    long[] found = {0};
    for (CountingRule rule : rules) {
      boolean counted = rejecting && rule.ruleCount.gates();
      rule.keys.settle(
          (row, earlier) -> {
            rule.ruleCount.addUnavailable(row, earlier);
            if (counted && erroneousRows.add(row)) {
              found[0]++;
            }
          });
    }
    return found[0];
  }

  void forEach(BiConsumer<RuleCount, UniqueKeys> action) {
    rules.forEach(rule -> action.accept(rule.ruleCount, rule.keys));
  }
}
