package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Judges the rows that a table holds by the rules that are to hold over it from now on: a promise
 * on the table is made only if the table keeps it. What it found of one snapshot it remembers,
 * since a change is judged again in each attempt to commit. One thread.
 */
final class ExistingRowsCheck {
  private static final Set<String> STRONGER =
      Set.of("RULE_ADDED", "RULE_TIGHTENED", "RULE_WEAKENED");

  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final Map<String, List<Finding>> known = new HashMap<>();

  ExistingRowsCheck(ClientSession session, ProductName product, MeshAction action) {
    this.session = session;
    this.product = product;
    this.action = action;
  }

  /**
   * The rules of a new contract that refuse publishes by what the table holds, and did not before.
   */
  static List<Rule> newOnTable(ContractDifference difference, Contract next) {
    Set<String> changed = new HashSet<>();
    for (ContractDifference.Change change : difference.changes()) {
      if (change.part() == ContractDifference.ContractPart.RULE
          && STRONGER.contains(change.code())) {
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
    TableRuleCheck check =
        new TableRuleCheck(session, product, next, columns, session.deadline(), action);
    List<Finding> findings = new ArrayList<>();
    check.onAll(live, of(rules, Rule.Scope.TABLE)).forEach(failed -> findings.add(finding(failed)));
    check
        .onPartitions(table.spec(), live, of(rules, Rule.Scope.PARTITION))
        .forEach(failed -> findings.add(finding(failed)));
    return findings;
  }

  private static List<Rule> of(List<Rule> rules, Rule.Scope scope) {
    return rules.stream().filter(rule -> rule.scope() == scope).toList();
  }

  private static Finding finding(TableRuleCheck.FailedRule failed) {
    return new Finding(
        "TABLE_FAILS_RULE",
        Finding.Severity.ERROR,
        failed.rule(),
        "The table as it is does not pass rule "
            + failed.rule()
            + ", "
            + failed.text()
            + ": "
            + failed.how()
            + ".",
        failed.rows(),
        List.of(),
        "Fix the table first, such as with replacingWhere(..); or promise less: a rule of scope"
            + " BATCH looks at what is published from now on, and one that warns refuses nothing.");
  }
}
