package io.meshwork.internal.rollout.backfill;

import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.scan.TableRuleCheck.FailedRule;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Examines the history in the new major version: the rows that break its row rules are in its
 * quarantine, and its other rows meet the rules on the whole table. Not thread-safe.
 */
final class CopyExamination {
  private final ClientSession session;
  private final TransitionContext context;
  private final MeshAction action;

  CopyExamination(ClientSession session, TransitionContext context, MeshAction action) {
    this.session = session;
    this.context = context;
    this.action = action;
  }

  /**
   * What prevents the activation.
   *
   * @param accepted the number of quarantined rows that the caller accepts
   */
  List<Finding> findings(long accepted) {
    List<Finding> findings = new ArrayList<>();
    if (context.rollout().mayDiffer()) {
      findings.add(
          Finding.error(
              FindingCode.VERSIONS_APART,
              context.product().name().toString(),
              "Rows were published to one of the major versions only since the cut-over.",
              "Publish the rows with onlyMajorVersion(..) to the version that lacks them, and commit verify(..); or abort"
                  + " the rollout."));
    }
    long rejected = context.rollout().rejectedRows();
    if (rejected != accepted) {
      findings.add(
          Finding.error(
              FindingCode.HISTORY_QUARANTINED,
              context.product().name().toString(),
              Count.of(rejected, "row of the history breaks", "rows of the history break")
                  + " contract "
                  + context.to().version()
                  + (rejected == 1 ? " and is in" : " and are in")
                  + " its quarantine"
                  + (accepted > 0 ? ", not " + accepted : "")
                  + ".",
              "Read quarantine(..).majorVersion("
                  + context.to().major()
                  + "). Correct the rows in major version "
                  + context.from().major()
                  + " and abort the rollout, or accept them with activateWithout("
                  + rejected
                  + ").because(reason)."));
    }
    Table table =
        session.tables().load(TableName.of(context.product().name(), context.to().major()));
    for (FailedRule rule : failedRules(table, CopiedFiles.live(table))) {
      findings.add(
          Finding.error(
              FindingCode.ROWS_FAIL_RULE,
              rule.rule(),
              "Rule "
                  + rule.rule()
                  + ", "
                  + rule.text()
                  + ", is broken by the history: "
                  + rule.detail()
                  + ".",
              "Correct the rows, or abort the rollout and start it with another contract."));
    }
    return findings;
  }

  /**
   * The rules on the whole table, and on its partitions, that rows break.
   *
   * @param files all files that the table has, or would have
   */
  List<FailedRule> failedRules(Table table, List<DataFile> files) {
    ProductName product = context.product().name();
    List<Rule> rules =
        context.to().contract().enforcedRules().stream()
            .filter(rule -> rule.severity() == Rule.Severity.ERROR)
            .toList();
    TableRuleCheck check =
        new TableRuleCheck(
            session,
            product,
            context.to().contract(),
            table,
            table.schema(),
            session.deadline(),
            action);
    List<FailedRule> failed =
        new ArrayList<>(
            check.evaluate(
                files, rules.stream().filter(rule -> isOfTable(rule, product)).toList()));
    failed.addAll(
        check.evaluatePartitions(
            table.spec(),
            files,
            rules.stream().filter(rule -> rule.scope() == Rule.Scope.PARTITION).toList()));
    return failed;
  }

  private static boolean isOfTable(Rule rule, ProductName product) {
    return rule.scope() == Rule.Scope.TABLE
        || (rule.scope() == Rule.Scope.BATCH && rule.product().filter(product::equals).isPresent());
  }
}
