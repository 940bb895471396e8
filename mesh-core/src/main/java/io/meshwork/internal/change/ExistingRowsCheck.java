package io.meshwork.internal.change;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
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
 * Checks the rows of a table against new rules on the whole table, which an amendment may add only
 * if the table passes. The findings of a snapshot are cached, because each commit attempt evaluates
 * the amendment again. Not thread-safe.
 */
final class ExistingRowsCheck {
  private static final Set<FindingCode> STRONGER =
      Set.of(FindingCode.RULE_ADDED, FindingCode.RULE_TIGHTENED, FindingCode.RULE_WEAKENED);

  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final Map<String, List<Finding>> findings = new HashMap<>();

  ExistingRowsCheck(ClientSession session, ProductName product, MeshAction action) {
    this.session = session;
    this.product = product;
    this.action = action;
  }

  /** The new or changed rules of a contract that reject publishes depending on the whole table. */
  static List<Rule> newOnTable(ContractDifference difference, Contract next) {
    Set<String> changed = new HashSet<>();
    for (ContractDifference.Change change : difference.changes()) {
      if (STRONGER.contains(change.code())) {
        changed.add(change.path());
      }
    }
    return next.enforcedRules().stream()
        .filter(rule -> changed.contains(rule.id()))
        .filter(rule -> rule.scope() != Rule.Scope.BATCH)
        .filter(rule -> rule.severity() == Rule.Severity.ERROR)
        .toList();
  }

  /**
   * One finding for each rule that the table does not pass; none before its first snapshot.
   *
   * @param columns the table's columns after the amendment
   * @param next the contract with the rules
   */
  List<Finding> failing(Table table, Schema columns, Contract next, List<Rule> rules) {
    Snapshot newest = table.currentSnapshot();
    if (newest == null || rules.isEmpty()) {
      return List.of();
    }
    return findings.computeIfAbsent(
        newest.snapshotId() + " " + next.fingerprint(),
        key -> evaluate(table, SnapshotFiles.of(table, newest), columns, next, rules));
  }

  private List<Finding> evaluate(
      Table table, List<DataFile> live, Schema columns, Contract next, List<Rule> rules) {
    TableRuleCheck check =
        new TableRuleCheck(session, product, next, table, columns, session.deadline(), action);
    List<Finding> findings = new ArrayList<>();
    check
        .evaluate(live, of(rules, Rule.Scope.TABLE))
        .forEach(failed -> findings.add(finding(failed)));
    check
        .evaluatePartitions(table.spec(), live, of(rules, Rule.Scope.PARTITION))
        .forEach(failed -> findings.add(finding(failed)));
    return findings;
  }

  private static List<Rule> of(List<Rule> rules, Rule.Scope scope) {
    return rules.stream().filter(rule -> rule.scope() == scope).toList();
  }

  private static Finding finding(TableRuleCheck.FailedRule failed) {
    return new Finding(
        FindingCode.TABLE_FAILS_RULE,
        Finding.Severity.ERROR,
        failed.rule(),
        "The table does not pass rule "
            + failed.rule()
            + ", "
            + failed.text()
            + ": "
            + failed.detail()
            + ".",
        failed.rows(),
        List.of(),
        "Fix the table first, for example with replaceWhere(..). Or weaken the rule: with scope"
            + " BATCH it checks only new publishes, and with severity WARNING it rejects none.");
  }
}
