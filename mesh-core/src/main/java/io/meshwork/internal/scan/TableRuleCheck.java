package io.meshwork.internal.scan;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.VectorChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Judges rows that lie in files by rules of a contract that they need not have been published
 * under, as one first publish of all of them would be judged. One thread.
 */
public final class TableRuleCheck {
  private final ClientSession session;
  private final ProductName product;
  private final Contract contract;
  private final Schema columns;
  private final Deadline deadline;
  private final MeshAction action;

  /**
   * A check.
   *
   * @param contract the one whose rules they are
   * @param columns the table's, as the contract has them
   */
  public TableRuleCheck(
      ClientSession session,
      ProductName product,
      Contract contract,
      Schema columns,
      Deadline deadline,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.contract = contract;
    this.columns = columns;
    this.deadline = deadline;
    this.action = action;
  }

  /**
   * A rule that rows do not pass, or cannot be judged by.
   *
   * @param rule its id; for what no rule says the column and why, such as {@code fare: ENUM_MEMBER}
   * @param text the rule's text; empty for what no rule says
   * @param how how it failed, in half a sentence without values
   * @param rows how many rows fail; 0 where counting makes no sense
   */
  public record FailedRule(String rule, String text, String how, long rows) {}

  /** What fails of rules that ask all rows of some files together. */
  public List<FailedRule> onAll(List<DataFile> files, List<Rule> rules) {
    if (rules.isEmpty()) {
      return List.of();
    }
    return failures(judged(files, rules, projection(rules), Optional.empty()));
  }

  /** What fails of rules that ask the rows of each partition together. */
  public List<FailedRule> onPartitions(PartitionSpec spec, List<DataFile> files, List<Rule> rules) {
    if (rules.isEmpty()) {
      return List.of();
    }
    if (files.stream().anyMatch(file -> file.specId() != spec.specId())) {
      return rules.stream()
          .map(
              rule ->
                  new FailedRule(
                      rule.id(),
                      rule.toString(),
                      "nobody can judge it, since some files lie by a former partitioning of the"
                          + " table",
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
      for (FailedRule failure : onAll(partition, rules)) {
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
                        + failure.how(),
                    failure.rows()))
        .toList();
  }

  /** What in some files does not fit the contract's columns any more: nulls and enum symbols. */
  public List<FailedRule> onColumns(List<DataFile> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    Map<String, Long> inner = new TreeMap<>();
    PublishVerdict judgement = judged(files, List.of(), columns, Optional.of(inner));
    List<FailedRule> failures = new ArrayList<>();
    for (Finding finding : judgement.report().violations()) {
      failures.add(
          new FailedRule(
              finding.where() + ": " + finding.code(),
              "",
              "column " + finding.where() + " fails in " + rows(finding.count()),
              finding.count()));
    }
    inner.forEach(
        (place, rows) ->
            failures.add(
                new FailedRule(
                    place,
                    "",
                    "column " + place.substring(0, place.indexOf(':')) + " fails in " + rows(rows),
                    rows)));
    return failures;
  }

  private static String rows(long count) {
    return count + (count == 1 ? " row" : " rows");
  }

  private static List<FailedRule> failures(PublishVerdict judgement) {
    return judgement.report().rules().stream()
        .filter(RuleResult::stops)
        .map(
            result ->
                new FailedRule(result.ruleId(), result.text(), how(result), result.failingRows()))
        .toList();
  }

  private static String how(RuleResult result) {
    if (result.outcome() == Outcome.NOT_EVALUATED) {
      return "nobody can judge it: " + result.reason();
    }
    return result.failingRows() == 0
        ? result.reason()
        : result.failingRows() + " of " + result.judgedRows() + " rows fail it";
  }

  private PublishVerdict judged(
      List<DataFile> files, List<Rule> rules, Schema asked, Optional<Map<String, Long>> inner) {
    Contract only = Contract.of(contract.schema());
    for (Rule rule : rules) {
      only =
          rule.id().equals(Contract.PRIMARY_KEY)
              ? only.primaryKey(contract.primaryKey().toArray(new String[0]))
              : only.require(rule);
    }
    RuleContext surroundings =
        RuleContext.at(session.runtime().clock().instant())
            .withOthers(new PinnedProducts(session, product, deadline, action));
    VectorChecks checks = VectorChecks.of(contract.schema(), asked);
    TypeViolations violations = new TypeViolations();
    try (QualityGate gate = QualityGate.open(only, asked, OnViolation.REJECT, surroundings);
        SnapshotScan scan =
            SnapshotScan.of(session.files(), files, asked, Long.MAX_VALUE, action)
                .filling(EmptyCollections.of(asked, contract.schema()))) {
      long row = 0;
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(action);
        violations.clear();
        if (inner.isPresent()) {
          checks.find(batch, violations);
          for (int i = violations.rows().next(0); i >= 0; i = violations.rows().next(i + 1)) {
            for (TypeViolations.Violation found : violations.at(i)) {
              inner.get().merge(found.shortForm(), 1L, Long::sum);
            }
          }
        }
        gate.evaluate(batch, violations.rows(), row);
        row += batch.rows();
      }
      gate.endOfInput();
      PublishVerdict judgement = gate.finish(List.of());
      try {
        return judgement.ofFirst();
      } finally {
        judgement.pending().forEach(rule -> rule.rows().close());
      }
    }
  }

  /** The columns that rules look at, whole where they look at a part of one. */
  private Schema projection(List<Rule> rules) {
    Set<Integer> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Rule rule : rules) {
      rule.columns().forEach(path -> names.add(top(path)));
      rule.otherColumns().forEach(path -> names.add(top(path)));
      rule.where().ifPresent(where -> ids.addAll(RowPredicate.parse(where, columns).fieldIds()));
    }
    List<Types.NestedField> asked =
        columns.columns().stream()
            .filter(
                column -> {
                  Set<Integer> within = new HashSet<>(TypeUtil.getProjectedIds(column.type()));
                  within.add(column.fieldId());
                  within.retainAll(ids);
                  return names.contains(column.name()) || !within.isEmpty();
                })
            .toList();
    return new Schema(asked.isEmpty() ? columns.columns().subList(0, 1) : asked);
  }

  private static String top(String path) {
    return path.split("[.\\[{]", 2)[0];
  }
}
