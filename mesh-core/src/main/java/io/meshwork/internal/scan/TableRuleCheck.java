package io.meshwork.internal.scan;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.VectorChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Checks the rows of data files against the rules of a contract, as a first publish of all of them
 * would be checked. The rows may have been published under another contract. Not thread-safe.
 */
public final class TableRuleCheck {
  private final ClientSession session;
  private final ProductName product;
  private final Contract contract;
  private final Table table;
  private final Schema columns;
  private final Deadline deadline;
  private final MeshAction action;

  /**
   * Creates a check.
   *
   * @param contract the contract with the rules
   * @param table the table with the files
   * @param columns the columns of the table, as in the contract
   */
  public TableRuleCheck(
      ClientSession session,
      ProductName product,
      Contract contract,
      Table table,
      Schema columns,
      Deadline deadline,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.contract = contract;
    this.table = table;
    this.columns = columns;
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * A rule that rows break, or that could not be evaluated.
   *
   * @param rule its ID; for a type violation, column and code, such as {@code fare: ENUM_MEMBER}
   * @param text the rule's text; empty for a type violation
   * @param detail how it failed, as a clause without values
   * @param rows the number of failing rows; 0 for rules on all rows together
   */
  public record FailedRule(String rule, String text, String detail, long rows) {}

  /** Returns how many rows break each rule, by its ID. */
  public static Map<String, Long> failingRows(List<FailedRule> failures) {
    return failures.stream()
        .collect(
            Collectors.toMap(FailedRule::rule, FailedRule::rows, Long::sum, LinkedHashMap::new));
  }

  /** Evaluates rules over the rows of all files together. */
  public List<FailedRule> evaluate(List<DataFile> files, List<Rule> rules) {
    if (rules.isEmpty()) {
      return List.of();
    }
    return failures(evaluate(files, rules, projection(rules), Optional.empty()));
  }

  /** Evaluates rules over the rows of each partition. */
  public List<FailedRule> evaluatePartitions(
      PartitionSpec spec, List<DataFile> files, List<Rule> rules) {
    if (rules.isEmpty()) {
      return List.of();
    }
    if (files.stream().anyMatch(file -> file.specId() != spec.specId())) {
      return rules.stream()
          .map(
              rule ->
                  new FailedRule(
                      rule.id(),
                      rule.inWords(),
                      "it could not be evaluated, since some files have an earlier partition spec"
                          + " of the table",
                      0))
          .toList();
    }
    StructLikeMap<List<DataFile>> partitions = StructLikeMap.create(spec.partitionType());
    for (DataFile file : files) {
      partitions.computeIfAbsent(file.partition(), partition -> new ArrayList<>()).add(file);
    }
    Map<String, FailedRule> first = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (List<DataFile> partition : partitions.values()) {
      for (FailedRule failure : evaluate(partition, rules)) {
        first.putIfAbsent(failure.rule(), failure);
        counts.merge(failure.rule(), 1, Integer::sum);
      }
    }
    return first.values().stream()
        .map(
            failure ->
                new FailedRule(
                    failure.rule(),
                    failure.text(),
                    "in "
                        + counts.get(failure.rule())
                        + " of "
                        + partitions.size()
                        + " partitions; in the first, "
                        + failure.detail(),
                    failure.rows()))
        .toList();
  }

  /** Checks types: nulls and enum symbols that the contract no longer allows. */
  public List<FailedRule> evaluateColumns(List<DataFile> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    Map<String, Long> nested = new TreeMap<>();
    PublishVerdict verdict = evaluate(files, List.of(), columns, Optional.of(nested));
    List<FailedRule> failures = new ArrayList<>();
    for (Finding finding : verdict.report().violations()) {
      failures.add(
          new FailedRule(
              finding.where() + ": " + finding.code(),
              "",
              "column " + finding.where() + " fails in " + rows(finding.count()),
              finding.count()));
    }
    nested.forEach(
        (id, rows) ->
            failures.add(
                new FailedRule(
                    id,
                    "",
                    "column " + id.substring(0, id.indexOf(':')) + " fails in " + rows(rows),
                    rows)));
    return failures;
  }

  private static String rows(long count) {
    return Count.of(count, "row");
  }

  private static List<FailedRule> failures(PublishVerdict verdict) {
    return verdict.report().rules().stream()
        .filter(RuleResult::stops)
        .map(
            result ->
                new FailedRule(
                    result.ruleId(), result.text(), detail(result), result.failingRows()))
        .toList();
  }

  private static String detail(RuleResult result) {
    if (result.outcome() == Outcome.NOT_EVALUATED) {
      return "it could not be evaluated: " + result.reason();
    }
    return result.failingRows() == 0
        ? result.reason()
        : result.failingRows()
            + " of "
            + Count.of(result.evaluatedRows(), "row")
            + (result.failingRows() == 1 ? " fails it" : " fail it");
  }

  private PublishVerdict evaluate(
      List<DataFile> files,
      List<Rule> rules,
      Schema projection,
      Optional<Map<String, Long>> nested) {
    Contract withRules = Contract.of(contract.schema());
    for (Rule rule : rules) {
      withRules =
          rule.id().equals(Contract.PRIMARY_KEY)
              ? withRules.primaryKey(contract.primaryKey().toArray(new String[0]))
              : withRules.require(rule);
    }
    RuleContext context =
        RuleContext.at(session.runtime().clock().instant())
            .withOthers(new PinnedProducts(session, product, deadline, action));
    VectorChecks checks = VectorChecks.of(contract.schema(), projection);
    TypeViolations violations = new TypeViolations();
    try (QualityGate gate = QualityGate.open(withRules, projection, OnViolation.REJECT, context);
        SnapshotScan scan =
            SnapshotScan.of(session.files(), files, projection, Long.MAX_VALUE, action)
                .from(table)
                .filling(contract.schema())) {
      long row = 0;
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(action);
        violations.clear();
        if (nested.isPresent()) {
          checks.find(batch, violations);
          for (int i = violations.rows().next(0); i >= 0; i = violations.rows().next(i + 1)) {
            for (TypeViolations.Violation violation : violations.at(i)) {
              nested.get().merge(violation.shortForm(), 1L, Long::sum);
            }
          }
        }
        gate.evaluate(batch, violations.rows(), row);
        row += batch.rows();
      }
      gate.endOfInput();
      PublishVerdict verdict = gate.finish(List.of());
      try {
        return verdict.ofFirst();
      } finally {
        verdict.pending().forEach(rule -> rule.rows().close());
      }
    }
  }

  /** The top-level columns that rules refer to. */
  private Schema projection(List<Rule> rules) {
    Set<Integer> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Rule rule : rules) {
      rule.columns().forEach(path -> names.add(topLevel(path)));
      rule.otherColumns().forEach(path -> names.add(topLevel(path)));
      rule.where().ifPresent(where -> ids.addAll(RowPredicate.parse(where, columns).fieldIds()));
    }
    List<Types.NestedField> projected =
        columns.columns().stream()
            .filter(
                column -> {
                  Set<Integer> within = new HashSet<>(TypeUtil.getProjectedIds(column.type()));
                  within.add(column.fieldId());
                  within.retainAll(ids);
                  return names.contains(column.name()) || !within.isEmpty();
                })
            .toList();
    return new Schema(projected.isEmpty() ? columns.columns().subList(0, 1) : projected);
  }

  private static String topLevel(String path) {
    return path.split("[.\\[{]", 2)[0];
  }
}
