package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Which rules of the contract in force rows break that need not have been published under it. A
 * rule that held when a state was made holds for it still, so only others are asked. One thread.
 */
final class RestoredRules {
  private static final int SHOWN = 5;

  private final ProductName product;
  private final VersionEntry version;
  private final Table table;
  private final TableRuleCheck check;

  RestoredRules(
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
        new TableRuleCheck(session, product, version.contract(), table.schema(), deadline, action);
  }

  /**
   * What an earlier state breaks, if it takes the place of the present one.
   *
   * @param then the contract that it was made under; null if that is not known
   * @param known ids of what it was known to break then
   * @param incoming its files that are not in the table now
   * @param all all of its files
   */
  List<FailedRule> brokenBy(
      @Nullable Contract then, List<String> known, List<DataFile> incoming, List<DataFile> all) {
    Set<Rule> kept =
        then == null
            ? Set.of()
            : then.enforced().stream()
                .filter(rule -> !known.contains(rule.id()))
                .collect(Collectors.toSet());
    List<Rule> asked = rulesToCheck().stream().filter(rule -> !kept.contains(rule)).toList();
    List<FailedRule> failures = new ArrayList<>();
    boolean sameColumns =
        then != null
            && then.schema().equals(version.contract().schema())
            && known.stream().noneMatch(RestoredRules::isOfColumn);
    if (!sameColumns) {
      failures.addAll(check.onColumns(incoming));
    }
    failures.addAll(broken(asked, incoming, all));
    return failures;
  }

  /** Ids of those that the table's rows still break, of some that they were known to break. */
  List<String> stillBroken(List<String> known, List<DataFile> all) {
    List<Rule> asked = rulesToCheck().stream().filter(rule -> known.contains(rule.id())).toList();
    Set<String> broken = new TreeSet<>();
    broken(asked, all, all).forEach(failure -> broken.add(failure.rule()));
    if (known.stream().anyMatch(RestoredRules::isOfColumn)) {
      check.onColumns(all).forEach(failure -> broken.add(failure.rule()));
    }
    return List.copyOf(broken);
  }

  private List<FailedRule> broken(List<Rule> asked, List<DataFile> incoming, List<DataFile> all) {
    List<FailedRule> failures = new ArrayList<>();
    failures.addAll(
        check.onAll(incoming, asked.stream().filter(rule -> !isOfTable(rule)).toList()));
    failures.addAll(
        check.onAll(
            all,
            asked.stream()
                .filter(this::isOfTable)
                .filter(rule -> rule.scope() != Rule.Scope.PARTITION)
                .toList()));
    failures.addAll(
        check.onPartitions(
            table.spec(),
            all,
            asked.stream().filter(rule -> rule.scope() == Rule.Scope.PARTITION).toList()));
    return failures;
  }

  /** Rules on one publish as a whole say nothing of rows that came in several. */
  private List<Rule> rulesToCheck() {
    return version.contract().enforced().stream()
        .filter(rule -> rule.severity() == Rule.Severity.ERROR)
        .filter(rule -> rule.kind() != Rule.Kind.STEADY && rule.kind() != Rule.Kind.TEXT)
        .filter(rule -> rule.kind().judgesRows() || rule.scope() != Rule.Scope.BATCH)
        .toList();
  }

  /** True if it asks all rows together, not each by itself. */
  private boolean isOfTable(Rule rule) {
    return rule.scope() != Rule.Scope.BATCH || rule.product().filter(product::equals).isPresent();
  }

  private static boolean isOfColumn(String id) {
    return id.contains(": ");
  }

  /** Of a rollback that would bring rows back which break the contract. */
  static ContractViolationException refusal(
      MeshAction action, String snapshotId, ContractVersion version, List<FailedRule> failures) {
    String what =
        failures.stream()
            .limit(SHOWN)
            .map(failure -> "\n  " + what(failure))
            .collect(Collectors.joining());
    String more = failures.size() > SHOWN ? "\n  and " + (failures.size() - SHOWN) + " more" : "";
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Cannot "
            + action
            + " to snapshot "
            + snapshotId
            + ": its rows break contract "
            + version
            + ", which is in force now."
            + what
            + more
            + "\nNothing was changed. Choose another snapshot, or publish the rows that you want;"
            + " or say allowingViolations(..) with a reason, and fix them afterwards.",
        failures.stream().map(RestoredRules::finding).toList());
  }

  private static Finding finding(FailedRule failure) {
    return new Finding(
        "ROWS_FAIL_RULE",
        Finding.Severity.ERROR,
        failure.rule(),
        what(failure),
        failure.rows(),
        List.of(),
        "Choose another snapshot, or say allowingViolations(..) with a reason.");
  }

  private static String what(FailedRule failure) {
    return (failure.text().isEmpty()
            ? "The contract's schema: "
            : "Rule " + failure.rule() + ", " + failure.text() + ": ")
        + failure.how()
        + ".";
  }
}
