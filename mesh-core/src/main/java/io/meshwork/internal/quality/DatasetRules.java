package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of a publish that measure all of its rows together. Not thread-safe. */
final class DatasetRules {
  private final RowFilters filters;
  private final Instant now;
  private final List<DatasetRule> rules = new ArrayList<>();

  /**
   * Creates an empty group.
   *
   * @param now the time of the publish
   */
  DatasetRules(RowFilters filters, Instant now) {
    this.filters = filters;
    this.now = now;
  }

  /** A rule and its measure. */
  private record DatasetRule(RuleCount ruleCount, DatasetMeasure measure) {}

  void add(RuleCount ruleCount, DatasetMeasure measure) {
    rules.add(new DatasetRule(ruleCount, measure));
  }

  /** Adds published rows of a batch, for which the filters are set. */
  void add(VectorBatch batch, RowMask rows) {
    for (DatasetRule rule : rules) {
      RowMask counted = filters.retained(rule.ruleCount.rule(), rows, batch.rows());
      rule.ruleCount.evaluatedRows(counted.count());
      rule.measure.accept(batch, counted);
    }
  }

  /** Returns what each rule measured, in their order. */
  List<Serializable> counts() {
    return new ArrayList<>(rules.stream().map(rule -> rule.measure.counts()).toList());
  }

  /** Adds what the same rules measured of other rows. */
  void add(List<Serializable> others) {
    for (int i = 0; i < rules.size(); i++) {
      rules.get(i).measure.add(others.get(i));
    }
  }

  /** Returns the measurement of a rule after the last row; null if it is not one of these. */
  @Nullable RuleMeasurement measurement(RuleCount ruleCount) {
    for (DatasetRule rule : rules) {
      if (rule.ruleCount == ruleCount) {
        return rule.measure.result();
      }
    }
    return null;
  }

  /** Returns the rules that cannot be evaluated on the rows of the publish alone. */
  List<PendingRule> pending() {
    List<PendingRule> pending = new ArrayList<>();
    for (DatasetRule rule : rules) {
      if (rule.measure instanceof PublishMeasure.PendingMeasure waiting) {
        pending.add(
            new PendingRule(
                rule.ruleCount.rule(), waiting.schema, waiting.rows, now, rule.ruleCount::result));
      }
    }
    return pending;
  }

  /** Adds the measured values of the publish's rows, by name. */
  void addFigures(Map<String, Double> figures) {
    for (DatasetRule rule : rules) {
      if (rule.ruleCount.rule().scope() == Rule.Scope.BATCH) {
        rule.measure
            .figure()
            .ifPresent(figure -> figures.put(RuleMeasures.name(rule.ruleCount.rule()), figure));
      }
    }
  }

  /** Closes the measures that are not pending. */
  void closeMeasured() {
    for (DatasetRule rule : rules) {
      if (!(rule.measure instanceof PublishMeasure.PendingMeasure)) {
        rule.measure.close();
      }
    }
  }

  /** Closes all measures. */
  void close() {
    rules.forEach(rule -> rule.measure.close());
  }
}
