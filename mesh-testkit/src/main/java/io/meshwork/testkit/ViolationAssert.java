package io.meshwork.testkit;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractThrowableAssert;

/** Assertions on a publish that was refused since its rows break the contract. */
public final class ViolationAssert
    extends AbstractThrowableAssert<ViolationAssert, ContractViolationException> {
  private static final String RULE_FAILED = "RULE_FAILED";

  ViolationAssert(ContractViolationException violation) {
    super(violation, ViolationAssert.class);
  }

  /** These rules failed, by their ids; others may have as well. */
  public ViolationAssert breaks(String... ruleIds) {
    Set<String> missing = new TreeSet<>(Arrays.asList(ruleIds));
    missing.removeAll(broken());
    if (!missing.isEmpty()) {
      failWithMessage("Expected rows that break %s. They break %s.", missing, broken());
    }
    return this;
  }

  /** These rules failed and no other, and all rows fit the schema. */
  public ViolationAssert breaksOnly(String... ruleIds) {
    breaks(ruleIds);
    Set<String> others = new TreeSet<>(broken());
    others.removeAll(Arrays.asList(ruleIds));
    if (!others.isEmpty()) {
      failWithMessage(
          "Expected rows that break only %s. They break %s as well.",
          Arrays.asList(ruleIds), others);
    }
    return this;
  }

  /** So many rows fail this rule. */
  public ViolationAssert breaks(String ruleId, long rows) {
    breaks(ruleId);
    long failing =
        actual.findings().stream()
            .filter(finding -> finding.code().equals(RULE_FAILED) && finding.where().equals(ruleId))
            .mapToLong(Finding::count)
            .sum();
    if (failing != rows) {
      failWithMessage("Expected %d rows that break %s. There were %d.", rows, ruleId, failing);
    }
    return this;
  }

  /** The ids of the rules that failed, and the columns that rows do not fit. */
  private Set<String> broken() {
    isNotNull();
    return actual.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .map(
            finding ->
                finding.code().equals(RULE_FAILED)
                    ? finding.where()
                    : "the column " + finding.where())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
