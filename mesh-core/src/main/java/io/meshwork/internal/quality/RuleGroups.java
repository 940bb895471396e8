package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.quality.RuleEvaluators.RuleEvaluator;
import io.meshwork.internal.uniqueness.AssignedKeys;
import io.meshwork.internal.uniqueness.CountedKeys;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.KeyHash;
import io.meshwork.internal.uniqueness.KeyIntervals;
import io.meshwork.internal.uniqueness.NewKeys;
import io.meshwork.internal.uniqueness.UniqueKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The rules of a publish, grouped by how they are evaluated. Not thread-safe. */
final class RuleGroups {
  private final OnViolation policy;
  private final List<RuleCount> ruleCounts = new ArrayList<>();
  private final RowFilters filters;
  private final RowRules rowRules;
  private final DecidingKeyRules decidingKeys;
  private final CountingKeyRules countingKeys;
  private final DatasetRules datasetRules;
  private boolean acrossRows = true;

  /**
   * Creates the groups.
   *
   * @param source what keys are compared with; null for a part of the rows, whose cross-row rules
   *     are not evaluated
   */
  RuleGroups(
      Contract contract,
      Schema schema,
      OnViolation policy,
      RuleContext surroundings,
      RowSamples samples,
      @Nullable KeySource source) {
    this.policy = policy;
    List<Rule> rules = contract.enforcedRules();
    filters = new RowFilters(rules, schema);
    rowRules = new RowRules(filters);
    decidingKeys = new DecidingKeyRules(filters);
    countingKeys = new CountingKeyRules(filters);
    datasetRules = new DatasetRules(filters, surroundings.now());
    RuleEvaluators evaluators = new RuleEvaluators(contract, schema, surroundings);
    long uniqueOnes = rules.stream().filter(rule -> rule.kind() == Rule.Kind.UNIQUE).count();
    for (Rule rule : rules) {
      RuleCount ruleCount = new RuleCount(rule, samples);
      ruleCounts.add(ruleCount);
      RuleEvaluator evaluator = evaluators.of(rule);
      if (evaluator instanceof RuleEvaluator.OfRows each) {
        rowRules.add(ruleCount, each.rows());
      } else if (evaluator instanceof RuleEvaluator.OfKeys && source != null) {
        addUnique(ruleCount, source.settings(rule, schema, uniqueOnes));
      } else if (evaluator instanceof RuleEvaluator.OfPublish whole
          && (source != null || !whole.measure().seesAllValues())) {
        datasetRules.add(ruleCount, whole.measure());
      }
    }
  }

  /**
   * What uniqueness rules compare with, and how.
   *
   * @param table existing keys, for rules of scope table
   * @param memory memory limit in bytes for the keys of all rules
   * @param hash the hash of keys
   */
  record KeySource(ExistingKeys table, long memory, KeyHash hash) {
    private UniqueKeys.Settings settings(Rule rule, Schema schema, long rules) {
      return new UniqueKeys.Settings(schema, existing(rule), memory / rules, hash);
    }

    private @Nullable ExistingKeys existing(Rule rule) {
      return switch (rule.scope()) {
        case BATCH -> null;
        case TABLE -> table;
        case PARTITION -> table.inTouchedPartitions();
      };
    }
  }

  private void addUnique(RuleCount ruleCount, UniqueKeys.Settings settings) {
    if (ruleCount.gates() && policy != OnViolation.REJECT) {
      decidingKeys.add(ruleCount, new AssignedKeys(ruleCount.rule(), settings));
    } else {
      countingKeys.add(ruleCount, new CountedKeys(ruleCount.rule(), settings));
    }
  }

  RowFilters filters() {
    return filters;
  }

  RowRules rowRules() {
    return rowRules;
  }

  DecidingKeyRules decidingKeys() {
    return decidingKeys;
  }

  CountingKeyRules countingKeys() {
    return countingKeys;
  }

  DatasetRules datasetRules() {
    return datasetRules;
  }

  /**
   * Returns the rules that a quarantined row breaks, also rules that tolerate some rows.
   *
   * @param row its row in the last batch
   */
  List<String> reasons(int row) {
    List<String> reasons = new ArrayList<>();
    for (RuleCount ruleCount : ruleCounts) {
      if (ruleCount.gates() && ruleCount.failing().get(row)) {
        reasons.add(ruleCount.rule().id());
      }
    }
    return reasons;
  }

  /** Returns the result of each rule, in the contract's order. */
  List<RuleResult> results() {
    return ruleCounts.stream().map(this::result).toList();
  }

  private RuleResult result(RuleCount ruleCount) {
    if (!acrossRows && isAcrossRows(ruleCount)) {
      return ruleCount.withoutRows();
    }
    RuleMeasurement measured = datasetRules.measurement(ruleCount);
    if (measured == null && ruleCount.rule().kind() == Rule.Kind.TEXT) {
      measured = RuleMeasurement.skipped("it is documentation only");
    }
    return measured == null ? ruleCount.result() : ruleCount.result(measured);
  }

  private boolean isAcrossRows(RuleCount ruleCount) {
    return ruleCount.rule().kind() == Rule.Kind.UNIQUE || datasetRules.measures(ruleCount);
  }

  /** True if a rule judged some rows only, so that it is not known which rows are quarantined. */
  boolean isInterrupted() {
    return policy != OnViolation.REJECT && ruleCounts.stream().anyMatch(RuleCount::isInterrupted);
  }

  /** Leaves rules across rows without a result. */
  void skipRulesAcrossRows() {
    acrossRows = false;
  }

  /** True unless rules across rows have no result. */
  boolean judgesAcrossRows() {
    return acrossRows;
  }

  /** Returns what each rule counted, in the contract's order. */
  List<GateCounts.OfRule> counts() {
    return new ArrayList<>(ruleCounts.stream().map(RuleCount::counts).toList());
  }

  /** Adds what the same rules counted of later rows, except rules that measure all rows. */
  void add(List<GateCounts.OfRule> later) {
    for (int i = 0; i < ruleCounts.size(); i++) {
      if (!datasetRules.measures(ruleCounts.get(i))) {
        ruleCounts.get(i).add(later.get(i));
      }
    }
  }

  /** Returns the IDs of tolerant rules that too many rows break now. */
  Set<String> exceeded() {
    return ruleCounts.stream()
        .filter(each -> each.rule().isTolerant())
        .filter(RuleCount::exceedsTolerance)
        .map(each -> each.rule().id())
        .collect(Collectors.toSet());
  }

  /** Counts the rows of parts whose keys differ from all others; returns which these are. */
  boolean[] publishApart(List<PartKeys> parts) {
    boolean[] apart = new boolean[parts.size()];
    for (int i = 0; i < apart.length; i++) {
      apart[i] = parts.get(i).decided() && !parts.get(i).intervals().isEmpty();
    }
    forEachKeys(
        (ruleCount, keys) -> {
          List<KeyIntervals> all = intervals(ruleCount, parts);
          if (all.size() < parts.size()) {
            Arrays.fill(apart, false);
            return;
          }
          keys.retainApart(all, apart);
        });
    forEachKeys(
        (ruleCount, keys) -> {
          for (int i = 0; i < apart.length; i++) {
            if (apart[i]) {
              PartKeys part = parts.get(i);
              ruleCount.evaluatedRows(part.rows());
              keys.addUnread(
                  Objects.requireNonNull(part.intervals().get(ruleCount.rule().id())),
                  part.files());
            }
          }
        });
    return apart;
  }

  private static List<KeyIntervals> intervals(RuleCount ruleCount, List<PartKeys> parts) {
    return parts.stream()
        .map(part -> part.intervals().get(ruleCount.rule().id()))
        .filter(Objects::nonNull)
        .toList();
  }

  private void forEachKeys(BiConsumer<RuleCount, UniqueKeys> action) {
    decidingKeys.forEach(action);
    countingKeys.forEach(action);
  }

  /** Returns the keys that extend beyond the publish, and closes all others. */
  NewKeys handOver() {
    List<NewKeys.OfRule> keys = new ArrayList<>();
    forEachKeys((ruleCount, unique) -> handOver(ruleCount, unique, keys));
    return NewKeys.of(keys, policy);
  }

  private static void handOver(RuleCount ruleCount, UniqueKeys keys, List<NewKeys.OfRule> to) {
    if (ruleCount.gates() && ruleCount.rule().scope() != Rule.Scope.BATCH) {
      to.add(new NewKeys.OfRule(ruleCount.rule(), keys, ruleCount.evaluatedRows()));
    } else {
      keys.close();
    }
  }

  void closeKeys() {
    forEachKeys((ruleCount, keys) -> keys.close());
  }
}
