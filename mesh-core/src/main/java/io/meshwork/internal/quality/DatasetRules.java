package io.meshwork.internal.quality;

import io.meshwork.contract.Rule;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
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

  private record DatasetRule(RuleCount ruleCount, DatasetMeasure measure) {}

  void add(RuleCount ruleCount, DatasetMeasure measure) {
    rules.add(new DatasetRule(ruleCount, measure));
  }

  /** True if the rule is one of these. */
  boolean measures(RuleCount ruleCount) {
    return rules.stream().anyMatch(rule -> rule.ruleCount == ruleCount);
  }

  /** Adds published rows of a batch, for which the filters are set. */
  void add(VectorBatch batch, RowMask rows) {
    rules.forEach(rule -> add(rule, batch, rows));
  }

  /** The same for the rules whose measures of parts do not add up. */
  void addToCrossRow(VectorBatch batch, RowMask rows) {
    rules.stream()
        .filter(rule -> rule.measure.seesAllValues())
        .forEach(rule -> add(rule, batch, rows));
  }

  private void add(DatasetRule rule, VectorBatch batch, RowMask rows) {
    RowMask counted = filters.retained(rule.ruleCount.rule(), rows, batch.rows());
    rule.ruleCount.evaluatedRows(counted.count());
    rule.measure.accept(batch, counted);
  }

  /** True if the measures of parts of a rule add up, or it also measures rows of the table. */
  boolean anyNeedsParts() {
    return rules.stream()
        .anyMatch(
            rule ->
                !rule.measure.seesAllValues() || rule.ruleCount.rule().scope() != Rule.Scope.BATCH);
  }

  private List<DatasetRule> addable() {
    return rules.stream().filter(rule -> !rule.measure.seesAllValues()).toList();
  }

  /** Returns what each rule measured whose measures of parts add up, in their order. */
  List<GateCounts.OfMeasure> counts() {
    return new ArrayList<>(
        addable().stream()
            .map(
                rule ->
                    new GateCounts.OfMeasure(rule.ruleCount.evaluatedRows(), rule.measure.counts()))
            .toList());
  }

  /** Adds what the same rules measured of other rows. */
  void add(List<GateCounts.OfMeasure> others) {
    List<DatasetRule> addable = addable();
    for (int i = 0; i < addable.size(); i++) {
      addable.get(i).ruleCount.evaluatedRows(others.get(i).evaluated());
      addable.get(i).measure.add(others.get(i).measured());
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
