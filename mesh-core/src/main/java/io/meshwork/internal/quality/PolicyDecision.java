package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.text.Count;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides the outcome of one publish from its counts and policy.
 *
 * @param interrupted true if code of a rule in one of the major versions threw, so that it is not
 *     known which rows are quarantined
 */
record PolicyDecision(
    Contract contract,
    OnViolation policy,
    long offered,
    long violating,
    long published,
    long quarantined,
    boolean interrupted) {
  PublishVerdict verdict(List<RuleResult> results, List<Finding> violations) {
    List<String> reasons = policy == OnViolation.REJECT ? rejection() : exceededLimits();
    boolean refused = !reasons.isEmpty() || anyRejects(results);
    boolean rejected = refused || interrupted;
    QualityReport report =
        new QualityReport(
            offered,
            rejected ? 0 : published,
            rejected ? 0 : quarantined + violating,
            rejected ? offered : 0,
            results,
            violations);
    return new PublishVerdict(report, refused, String.join("; ", reasons), findings(report));
  }

  /**
   * Returns true if a result rejects the publish; its description is a finding. Rows that break a
   * rule may be quarantined, but not for a rule that could not be evaluated.
   */
  private boolean anyRejects(List<RuleResult> results) {
    // Results beyond the contract's rules count rows that do not fit their columns.
    for (int i = 0; i < contract.enforcedRules().size(); i++) {
      boolean onWhole =
          contract.enforcedRules().get(i).kind().measuresWhole()
              || results.get(i).outcome() == QualityReport.Outcome.NOT_EVALUATED;
      if ((onWhole || policy == OnViolation.REJECT) && results.get(i).stops()) {
        return true;
      }
    }
    return false;
  }

  private List<String> rejection() {
    return violating == 0
        ? List.of()
        : List.of(
            violating
                + " of "
                + Count.of(offered, "row")
                + (violating == 1 ? " breaks the schema" : " break the schema"));
  }

  boolean exceedsLimits() {
    return !exceededLimits().isEmpty();
  }

  /** Returns the exceeded limits: too many quarantined rows, or no row left. */
  private List<String> exceededLimits() {
    List<String> reasons = new ArrayList<>();
    if (interrupted) {
      return reasons;
    }
    long aside = violating + quarantined;
    if (BigDecimal.valueOf(aside)
            .movePointRight(2)
            .compareTo(
                BigDecimal.valueOf(contract.maxQuarantineShare())
                    .multiply(BigDecimal.valueOf(offered)))
        > 0) {
      reasons.add(
          aside
              + " of "
              + Count.of(offered, "row")
              + " would be quarantined; the limit is "
              + BigDecimal.valueOf(contract.maxQuarantineShare())
                  .stripTrailingZeros()
                  .toPlainString()
              + " percent (maxQuarantineShare of the contract; in ODCS, the custom property"
              + " meshwork.maxQuarantineShare)");
    }
    if (published == 0 && offered > 0) {
      reasons.add("no row is left to publish");
    }
    return reasons;
  }

  private static String failed(RuleResult result) {
    String rule = "Rule " + result.ruleId() + ", " + result.text();
    if (result.outcome() == QualityReport.Outcome.NOT_EVALUATED) {
      return rule + ", could not be evaluated: " + result.reason() + ".";
    }
    rule += ", failed";
    if (result.measure().isPresent() || result.failingRows() == 0) {
      return rule + ": " + result.reason() + ".";
    }
    return rule
        + " in "
        + result.failingRows()
        + " of "
        + Count.of(result.evaluatedRows(), "row")
        + (result.reason().isEmpty() ? "" : ", " + result.reason())
        + ".";
  }

  /**
   * Returns the findings of a report with new results; findings of its violations keep their
   * samples.
   */
  static List<Finding> findings(QualityReport report, List<Finding> before) {
    List<Finding> findings = new ArrayList<>(findings(report));
    for (int i = 0; i < report.violations().size() && i < before.size(); i++) {
      findings.set(i, before.get(i));
    }
    return findings;
  }

  private static List<Finding> findings(QualityReport report) {
    List<Finding> findings = new ArrayList<>(report.violations());
    for (Rule.Severity severity : Rule.Severity.values()) {
      for (RuleResult result : report.failed()) {
        // For rows that do not fit their columns, the report's violations have more detail.
        if (result.severity() == severity && !result.ruleId().startsWith(TypeViolations.RULE)) {
          findings.add(
              new Finding(
                  FindingCode.RULE_FAILED,
                  severity == Rule.Severity.ERROR
                      ? Finding.Severity.ERROR
                      : Finding.Severity.WARNING,
                  result.ruleId(),
                  failed(result),
                  result.failingRows(),
                  result.samples(),
                  result.outcome() == QualityReport.Outcome.NOT_EVALUATED
                      ? "Provide what the rule needs (define the product, request permission to"
                          + " read it, register the code), or correct the rule with"
                          + " amendContract(..)."
                      : "Correct or remove these rows."));
        }
      }
    }
    return findings;
  }
}
