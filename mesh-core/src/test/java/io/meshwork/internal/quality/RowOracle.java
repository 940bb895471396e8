package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.DatasetCondition.Completeness;
import io.meshwork.internal.condition.DatasetCondition.RowCountCondition;
import io.meshwork.internal.contract.RuleConditions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A direct implementation of rules, row by row, over all rows at once. */
final class RowOracle {
  private final Contract contract;
  private final OnViolation policy;
  private final List<Map<String, Object>> rows;
  private final Set<Long> violating = new TreeSet<>();
  private final Map<String, Long> conversionErrors = new TreeMap<>();
  private final Set<Long> kept = new TreeSet<>();
  private final Map<Rule, Set<Long>> failing = new HashMap<>();
  private final Map<Rule, Boolean> passed = new HashMap<>();
  private final Map<Rule, Outcome> unjudged = new HashMap<>();

  RowOracle(
      Contract contract,
      OnViolation policy,
      List<Map<String, Object>> rows,
      Set<Long> unconverted) {
    this.contract = contract;
    this.policy = policy;
    this.rows = rows;
    violating.addAll(unconverted);
    conversionErrors.put("a", (long) unconverted.size());
    for (long row = 0; row < rows.size(); row++) {
      Map<String, Object> values = rows.get((int) row);
      if (values.get("k") == null || !Set.of("Y", "N").contains(values.get("e"))) {
        if (violating.add(row)) {
          if (values.get("k") == null) {
            conversionErrors.merge("k", 1L, Long::sum);
          }
          if (!Set.of("Y", "N").contains(values.get("e"))) {
            conversionErrors.merge("e", 1L, Long::sum);
          }
        }
      }
    }
    rowRules();
    keep();
    wholeRules();
  }

  private void rowRules() {
    for (Rule rule : contract.rules()) {
      Set<Long> set = new LinkedHashSet<>();
      failing.put(rule, set);
      if (rule.kind() == Rule.Kind.TEXT) {
        passed.put(rule, true);
        unjudged.put(rule, Outcome.SKIPPED);
      } else if (rule.kind() == Rule.Kind.CUSTOM
          && !rule.toString().startsWith("custom('even', 2)")) {
        passed.put(rule, false);
        unjudged.put(rule, Outcome.NOT_EVALUATED);
      } else if (rule.kind().judgesRows()) {
        long judged = 0;
        for (long row = 0; row < rows.size(); row++) {
          if (!violating.contains(row) && NaiveRules.counts(rule, rows.get((int) row))) {
            judged++;
            if (!NaiveRules.holds(rule, rows.get((int) row))) {
              set.add(row);
            }
          }
        }
        long lookedUp = judged;
        boolean passes =
            rule.toleratedPercent()
                .map(p -> set.size() * 100.0 <= p.doubleValue() * lookedUp)
                .orElse(set.size() <= rule.toleratedRows());
        passed.put(rule, passes);
      }
    }
  }

  /** Computes the remaining rows, in input order; under REJECT none is removed. */
  private void keep() {
    Map<Rule, Set<List<Object>>> keys = new HashMap<>();
    contract.rules().forEach(rule -> keys.put(rule, new HashSet<>()));
    for (long row = 0; row < rows.size(); row++) {
      long number = row;
      if (violating.contains(row)) {
        continue;
      }
      boolean out =
          policy == OnViolation.QUARANTINE
              && contract.rules().stream()
                  .anyMatch(
                      rule ->
                          rule.severity() == Rule.Severity.ERROR
                              && rule.kind().judgesRows()
                              && !passed.get(rule)
                              && failing.get(rule).contains(number));
      if (out) {
        continue;
      }
      boolean surplus = false;
      for (Rule rule : uniques()) {
        boolean gates = rule.severity() == Rule.Severity.ERROR;
        if ((gates || policy == OnViolation.REJECT)
            && keys.get(rule).contains(key(rule, rows.get((int) row)))) {
          failing.get(rule).add(row);
          surplus |= gates;
        }
      }
      if (surplus && policy == OnViolation.QUARANTINE) {
        continue;
      }
      kept.add(row);
      for (Rule rule : uniques()) {
        List<Object> key = key(rule, rows.get((int) row));
        if (key != null && !keys.get(rule).add(key)) {
          failing.get(rule).add(row);
        }
      }
    }
  }

  private void wholeRules() {
    for (Rule rule : contract.rules()) {
      if (rule.kind() == Rule.Kind.UNIQUE) {
        passed.put(rule, failing.get(rule).isEmpty());
      } else if (RuleConditions.of(rule) instanceof RowCountCondition range) {
        long count =
            kept.stream().filter(row -> NaiveRules.counts(rule, rows.get(row.intValue()))).count();
        passed.put(rule, count >= range.min() && count <= range.max());
      } else if (RuleConditions.of(rule) instanceof Completeness range) {
        List<Object> values = values(rule);
        long there = values.stream().filter(value -> value != null).count();
        double least = range.low().doubleValue();
        passed.put(rule, there * 100.0 >= least * values.size());
      } else if (rule.kind() == Rule.Kind.MIN || rule.kind() == Rule.Kind.MAX) {
        List<Double> values =
            values(rule).stream()
                .filter(value -> value != null && !((Double) value).isNaN())
                .map(Double.class::cast)
                .toList();
        passed.put(
            rule,
            values.stream()
                .allMatch(rule.kind() == Rule.Kind.MIN ? least -> least >= -1 : most -> most <= 3));
        if (values.isEmpty()) {
          unjudged.put(rule, Outcome.SKIPPED);
        }
      }
    }
  }

  /** Returns the values of the rule's column in the remaining rows. */
  private List<Object> values(Rule rule) {
    List<Object> values = new ArrayList<>();
    for (Long row : kept) {
      Map<String, Object> each = rows.get(row.intValue());
      if (NaiveRules.counts(rule, each)) {
        values.add(each.get(rule.columns().get(0)));
      }
    }
    return values;
  }

  private List<Rule> uniques() {
    return contract.rules().stream().filter(r -> r.kind() == Rule.Kind.UNIQUE).toList();
  }

  private static List<Object> key(Rule rule, Map<String, Object> row) {
    if (!NaiveRules.counts(rule, row)) {
      return null;
    }
    List<Object> key = new ArrayList<>();
    for (String column : rule.columns()) {
      Object value = NaiveRules.path(column, row).get(0);
      if (value == null) {
        return null;
      }
      key.add(value instanceof Double d && d == 0 ? (Object) 0.0 : value);
    }
    return key;
  }

  boolean refused() {
    boolean failed =
        contract.rules().stream()
            .filter(r -> r.severity() == Rule.Severity.ERROR)
            .filter(
                r ->
                    policy == OnViolation.REJECT
                        || r.kind().measuresWhole()
                        || unjudged.get(r) == Outcome.NOT_EVALUATED)
            .anyMatch(r -> !passed.get(r));
    if (policy == OnViolation.REJECT) {
      return failed || !violating.isEmpty();
    }
    double share = rows.isEmpty() ? 0 : 100.0 * (rows.size() - kept.size()) / rows.size();
    return failed || share > contract.maxQuarantineShare() || (kept.isEmpty() && !rows.isEmpty());
  }

  List<Long> failing() {
    return Stream.concat(
            contract.rules().stream().map(rule -> (long) failing.get(rule).size()),
            conversionErrors.values().stream().filter(rows -> rows > 0))
        .toList();
  }

  List<Outcome> outcomes() {
    return Stream.concat(
            contract.rules().stream()
                .map(
                    rule ->
                        unjudged.getOrDefault(
                            rule, passed.get(rule) ? Outcome.PASS : Outcome.FAIL)),
            conversionErrors.values().stream().filter(rows -> rows > 0).map(rows -> Outcome.FAIL))
        .toList();
  }

  /** Returns the share of offered rows that are accepted. */
  OptionalDouble qualityScore() {
    return rows.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(refused() ? 0 : 100.0 * kept.size() / rows.size());
  }

  Set<Long> kept() {
    return kept;
  }

  /** Returns the rows among these that break a failed ERROR rule. */
  Set<Long> brokenBy(Set<Long> published) {
    Set<Long> failureReason = new TreeSet<>();
    for (Rule rule : contract.rules()) {
      if (rule.severity() == Rule.Severity.ERROR && rule.kind().judgesRows() && !passed.get(rule)) {
        failing.get(rule).stream().filter(published::contains).forEach(failureReason::add);
      }
    }
    return failureReason;
  }

  int toleratedAndKept() {
    return (int)
        contract.rules().stream()
            .filter(r -> r.severity() == Rule.Severity.ERROR && r.isTolerant() && passed.get(r))
            .flatMap(r -> failing.get(r).stream())
            .filter(kept::contains)
            .count();
  }
}
