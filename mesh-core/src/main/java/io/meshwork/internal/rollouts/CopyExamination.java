package io.meshwork.internal.rollouts;

import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.scan.TableRuleCheck.FailedRule;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
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
    long unfit = unfitRows();
    if (unfit != accepted) {
      findings.add(
          Finding.error(
              "UNFIT_ROWS",
              context.product().name().toString(),
              unfit
                  + " rows of the history break contract "
                  + context.to().version()
                  + " and are in its quarantine"
                  + (accepted > 0 ? ", not " + accepted : "")
                  + ".",
              "Read quarantine(..).majorVersion("
                  + context.to().major()
                  + "). Correct the rows in major version "
                  + context.from().major()
                  + " and abort the rollout, or accept them with activateWithout("
                  + unfit
                  + ", reason)."));
    }
    failedRules()
        .forEach(
            rule ->
                findings.add(
                    Finding.error(
                        "ROWS_FAIL_RULE",
                        rule.rule(),
                        "Rule "
                            + rule.rule()
                            + ", "
                            + rule.text()
                            + ", is broken by the history: "
                            + rule.detail()
                            + ".",
                        "Correct the rows, or abort the rollout and start it with another"
                            + " contract.")));
    return findings;
  }

  private TableName name() {
    return TableName.of(context.product().name(), context.to().major());
  }

  /** The copied rows that are in the quarantine. */
  private long unfitRows() {
    return CopiedFiles.copies(session.tables().load(name().quarantined())).values().stream()
        .flatMap(List::stream)
        .mapToLong(DataFile::recordCount)
        .sum();
  }

  private List<FailedRule> failedRules() {
    ProductName product = context.product().name();
    Table table = session.tables().load(name());
    List<Rule> rules =
        context.to().contract().enforced().stream()
            .filter(rule -> rule.severity() == Rule.Severity.ERROR)
            .filter(rule -> rule.scope() == Rule.Scope.TABLE)
            .toList();
    return new TableRuleCheck(
            session, product, context.to().contract(), table.schema(), session.deadline(), action)
        .evaluate(CopiedFiles.live(table), rules);
  }
}
