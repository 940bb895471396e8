package io.meshwork.change;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Difference;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.quality.Judgement;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleSurroundings;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.EmptyCollections;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.StructLikeMap;

/**
 * Judges the rows that a table holds by the rules that are to hold over it from now on: a promise
 * on the table is made only if the table keeps it. What it found of one snapshot it remembers,
 * since a change is judged again in each attempt to commit. One thread.
 */
final class PresentRows {
  private static final Set<String> STRONGER =
      Set.of("RULE_ADDED", "RULE_TIGHTENED", "RULE_WEAKENED");

  private final Session session;
  private final ProductName product;
  private final String doing;
  private final Map<String, List<Finding>> known = new HashMap<>();

  PresentRows(Session session, ProductName product, String doing) {
    this.session = session;
    this.product = product;
    this.doing = doing;
  }

  /**
   * The rules of a new contract that refuse publishes by what the table holds, and did not before.
   */
  static List<Rule> newOnTable(Difference difference, Contract next) {
    Set<String> changed = new HashSet<>();
    for (Difference.Change change : difference.changes()) {
      if (change.part() == Difference.Part.RULE && STRONGER.contains(change.code())) {
        changed.add(change.path());
      }
    }
    return next.enforced().stream()
        .filter(rule -> changed.contains(rule.id()))
        .filter(rule -> rule.scope() != Rule.Scope.BATCH)
        .filter(rule -> rule.severity() == Rule.Severity.ERROR)
        .toList();
  }

  /**
   * One finding for each rule that the table does not pass; none before its first snapshot.
   *
   * @param columns the table's, as they are to be
   * @param next the contract that has the rules
   */
  List<Finding> failing(Table table, Schema columns, Contract next, List<Rule> rules) {
    Snapshot newest = table.currentSnapshot();
    if (newest == null || rules.isEmpty()) {
      return List.of();
    }
    return known.computeIfAbsent(
        newest.snapshotId() + " " + next.fingerprint(),
        key -> judged(table, SnapshotFiles.of(table, newest), columns, next, rules));
  }

  private List<Finding> judged(
      Table table, List<DataFile> live, Schema columns, Contract next, List<Rule> rules) {
    Deadline deadline = session.deadline();
    List<Finding> findings = new ArrayList<>();
    List<Rule> onTable = rules.stream().filter(rule -> rule.scope() == Rule.Scope.TABLE).toList();
    for (RuleResult result : results(live, columns, next, onTable, deadline)) {
      if (result.stops()) {
        findings.add(finding(result, told(result)));
      }
    }
    List<Rule> onPartitions =
        rules.stream().filter(rule -> rule.scope() == Rule.Scope.PARTITION).toList();
    if (!onPartitions.isEmpty()) {
      findings.addAll(ofPartitions(table, live, columns, next, onPartitions, deadline));
    }
    return findings;
  }

  private List<Finding> ofPartitions(
      Table table,
      List<DataFile> live,
      Schema columns,
      Contract next,
      List<Rule> rules,
      Deadline deadline) {
    PartitionSpec spec = table.spec();
    if (live.stream().anyMatch(file -> file.specId() != spec.specId())) {
      return rules.stream()
          .map(
              rule ->
                  Finding.error(
                      "TABLE_FAILS_RULE",
                      rule.id(),
                      "Nobody can say whether the table passes rule "
                          + rule.id()
                          + ", "
                          + rule
                          + ", since some files lie by a former partitioning of the table.",
                      "Give the rule scope TABLE, or only warn of it."))
          .toList();
    }
    StructLikeMap<List<DataFile>> partitions = StructLikeMap.create(spec.partitionType());
    for (DataFile file : live) {
      partitions.computeIfAbsent(file.partition(), partition -> new ArrayList<>()).add(file);
    }
    Map<String, Failures> failures = new LinkedHashMap<>();
    for (List<DataFile> files : partitions.values()) {
      for (RuleResult result : results(files, columns, next, rules, deadline)) {
        if (result.stops()) {
          failures.computeIfAbsent(result.ruleId(), id -> new Failures(result)).count++;
        }
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (Failures failed : failures.values()) {
      findings.add(
          finding(
              failed.first,
              "in "
                  + failed.count
                  + " of "
                  + partitions.size()
                  + " partitions; in the first, "
                  + told(failed.first)));
    }
    return findings;
  }

  /** How a rule failed in partitions. */
  private static final class Failures {
    private final RuleResult first;
    private int count;

    Failures(RuleResult first) {
      this.first = first;
    }
  }

  /** All the rows of some files, judged as one first publish of them would be. */
  private Collection<RuleResult> results(
      List<DataFile> files, Schema columns, Contract next, List<Rule> rules, Deadline deadline) {
    if (rules.isEmpty()) {
      return List.of();
    }
    Contract only = Contract.of(next.schema());
    for (Rule rule : rules) {
      only =
          rule.id().equals(Contract.PRIMARY_KEY)
              ? only.primaryKey(next.primaryKey().toArray(new String[0]))
              : only.require(rule);
    }
    Schema asked = asked(columns, rules);
    RuleSurroundings surroundings =
        RuleSurroundings.at(session.runtime().clock().instant())
            .withOthers(new PinnedProducts(session, product, deadline, doing));
    try (QualityGate gate = QualityGate.open(only, asked, OnViolation.REJECT, surroundings);
        SnapshotScan scan =
            SnapshotScan.of(session.files(), files, asked, Long.MAX_VALUE, doing)
                .filling(EmptyCollections.of(asked, next.schema()))) {
      long row = 0;
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(doing);
        gate.judge(batch, new RowMask(batch.rows()), row);
        row += batch.rows();
      }
      gate.endOfInput();
      Judgement judgement = gate.finish(List.of());
      try {
        return judgement.ofFirst().report().rules();
      } finally {
        judgement.pending().forEach(rule -> rule.rows().close());
      }
    }
  }

  /** The columns that rules look at, whole where they look at a part of one. */
  private static Schema asked(Schema columns, List<Rule> rules) {
    Set<Integer> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Rule rule : rules) {
      rule.columns().forEach(path -> names.add(top(path)));
      rule.otherColumns().forEach(path -> names.add(top(path)));
      rule.where().ifPresent(where -> ids.addAll(Predicate.parse(where, columns).fieldIds()));
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
    return path.split("[.\\[]", 2)[0];
  }

  private static String told(RuleResult result) {
    if (result.outcome() == Outcome.NOT_EVALUATED) {
      return "nobody can judge it: " + result.reason();
    }
    return result.failingRows() == 0
        ? result.reason()
        : result.failingRows() + " of " + result.judgedRows() + " rows fail it";
  }

  private static Finding finding(RuleResult failed, String how) {
    return new Finding(
        "TABLE_FAILS_RULE",
        Finding.Severity.ERROR,
        failed.ruleId(),
        "The table as it is does not pass rule "
            + failed.ruleId()
            + ", "
            + failed.text()
            + ": "
            + how
            + ".",
        failed.failingRows(),
        List.of(),
        "Mend the table first, such as with replacingWhere(..); or promise less: a rule of scope"
            + " BATCH looks at what is published from now on, and one that warns refuses nothing.");
  }
}
