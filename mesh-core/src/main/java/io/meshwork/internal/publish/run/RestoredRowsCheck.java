package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.scan.TableRuleCheck.FailedRule;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Checks the rows of an earlier snapshot, published under an earlier contract, against the current
 * contract. A rule that held for the snapshot still holds, so only the others are evaluated. Not
 * thread-safe.
 */
public final class RestoredRowsCheck {

  private final ProductName product;
  private final VersionEntry version;
  private final Table table;
  private final TableRuleCheck check;

  public RestoredRowsCheck(
      ClientSession session,
      ProductName product,
      VersionEntry version,
      Table table,
      Deadline deadline,
      MeshAction action) {
    this.product = product;
    this.version = version;
    this.table = table;
    this.check =
        new TableRuleCheck(
            session, product, version.contract(), table, table.schema(), deadline, action);
  }

  /**
   * The rules that the restored snapshot breaks.
   *
   * @param published the contract that the snapshot was published under; null if unknown
   * @param earlierRules IDs of the rules that the snapshot was known to break
   * @param incoming its files that the table does not contain now
   * @param all all of its files
   */
  public List<FailedRule> violations(
      @Nullable Contract published,
      List<String> earlierRules,
      List<DataFile> incoming,
      List<DataFile> all) {
    Set<Rule> satisfied =
        published == null
            ? Set.of()
            : published.enforcedRules().stream()
                .filter(rule -> !earlierRules.contains(rule.id()))
                .collect(Collectors.toSet());
    List<Rule> rules = rulesToCheck().stream().filter(rule -> !satisfied.contains(rule)).toList();
    List<FailedRule> failures = new ArrayList<>();
    boolean sameColumns =
        published != null
            && published.schema().equals(version.contract().schema())
            && earlierRules.stream().noneMatch(RestoredRowsCheck::isOfColumn);
    if (!sameColumns) {
      failures.addAll(check.evaluateColumns(incoming));
    }
    failures.addAll(evaluate(rules, incoming, all));
    return failures;
  }

  /** IDs of the rules known to be broken that the table's rows still break. */
  List<String> remaining(List<String> earlierRules, List<DataFile> all) {
    List<Rule> rules =
        rulesToCheck().stream().filter(rule -> earlierRules.contains(rule.id())).toList();
    Set<String> broken = new TreeSet<>();
    evaluate(rules, all, all).forEach(failure -> broken.add(failure.rule()));
    if (earlierRules.stream().anyMatch(RestoredRowsCheck::isOfColumn)) {
      check.evaluateColumns(all).forEach(failure -> broken.add(failure.rule()));
    }
    return List.copyOf(broken);
  }

  private List<FailedRule> evaluate(List<Rule> rules, List<DataFile> incoming, List<DataFile> all) {
    List<FailedRule> failures = new ArrayList<>();
    failures.addAll(
        check.evaluate(incoming, rules.stream().filter(rule -> !isOfTable(rule)).toList()));
    failures.addAll(
        check.evaluate(
            all,
            rules.stream()
                .filter(this::isOfTable)
                .filter(rule -> rule.scope() != Rule.Scope.PARTITION)
                .toList()));
    failures.addAll(
        check.evaluatePartitions(
            table.spec(),
            all,
            rules.stream().filter(rule -> rule.scope() == Rule.Scope.PARTITION).toList()));
    return failures;
  }

  /** The rules that apply to rows of several publishes, so none on a publish as a whole. */
  private List<Rule> rulesToCheck() {
    return version.contract().enforcedRules().stream()
        .filter(rule -> rule.severity() == Rule.Severity.ERROR)
        .filter(rule -> rule.kind() != Rule.Kind.STEADY && rule.kind() != Rule.Kind.TEXT)
        .filter(rule -> rule.kind().judgesRows() || rule.scope() != Rule.Scope.BATCH)
        .toList();
  }

  /** True if the rule evaluates all rows together, not each row separately. */
  private boolean isOfTable(Rule rule) {
    return rule.scope() != Rule.Scope.BATCH || rule.product().filter(product::equals).isPresent();
  }

  private static boolean isOfColumn(String id) {
    return id.contains(": ");
  }

  /** The failure of a rollback whose rows break the contract. */
  public static ContractViolationException rejection(
      MeshAction action, String snapshotId, ContractVersion version, List<FailedRule> failures) {
    return Failure.of(action.on("to snapshot " + snapshotId))
        .because(
            "its rows break the current contract, "
                + version
                + "."
                + PublishRejection.lines(
                    failures.stream().map(RestoredRowsCheck::describe).toList()))
        .fix(
            "Choose another snapshot, or publish the rows that you want. Or call"
                + " allowViolations(), and fix the rows afterwards.")
        .findings(failures.stream().map(RestoredRowsCheck::finding).toList())
        .rows(OptionalLong.empty(), TableRuleCheck.failingRows(failures))
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }

  private static Finding finding(FailedRule failure) {
    return new Finding(
        FindingCode.ROWS_FAIL_RULE,
        Finding.Severity.ERROR,
        failure.rule(),
        describe(failure),
        failure.rows(),
        List.of(),
        "Choose another snapshot, or call allowViolations().");
  }

  private static String describe(FailedRule failure) {
    return (failure.text().isEmpty()
            ? "The contract's schema: "
            : "Rule " + failure.rule() + ", " + failure.text() + ": ")
        + failure.detail()
        + ".";
  }
}
