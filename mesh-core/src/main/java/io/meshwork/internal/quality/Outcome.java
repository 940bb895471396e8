package io.meshwork.internal.quality;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the counts of one publish amount to under a policy. */
record Outcome(
    Contract contract,
    OnViolation policy,
    long offered,
    long violating,
    long published,
    long quarantined,
    long withoutError) {
  Judgement judgement(List<RuleResult> results, List<Finding> violations) {
    List<String> reasons = policy == OnViolation.REJECT ? rejection() : tooMuch();
    boolean refused = !reasons.isEmpty() || anyStops(results);
    QualityReport report =
        new QualityReport(
            offered,
            refused ? 0 : published,
            refused ? 0 : quarantined,
            refused ? offered : violating,
            score(results),
            offered == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(100.0 * withoutError / offered),
            results,
            violations);
    return new Judgement(report, refused, String.join("; ", reasons), findings(report));
  }

  /**
   * Of rules that stop a publish; what they say is a finding. Bad rows may be set aside, but not
   * those of a rule that nobody could judge.
   */
  private boolean anyStops(List<RuleResult> results) {
    for (int i = 0; i < results.size(); i++) {
      boolean onWhole =
          contract.enforced().get(i).kind().measuresWhole()
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
        : List.of(violating + " of " + offered + " rows break the schema");
  }

  /** Too many quarantined rows, nothing left. */
  private List<String> tooMuch() {
    List<String> reasons = new ArrayList<>();
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
              + offered
              + " rows would be quarantined, and the limit is "
              + BigDecimal.valueOf(contract.maxQuarantineShare())
                  .stripTrailingZeros()
                  .toPlainString()
              + " percent");
    }
    if (published == 0 && offered > 0) {
      reasons.add("no row is left to publish");
    }
    return reasons;
  }

  private static String failed(RuleResult result) {
    String rule = "Rule " + result.ruleId() + ", " + result.text();
    if (result.outcome() == QualityReport.Outcome.NOT_EVALUATED) {
      return rule + ", could not be judged: " + result.reason() + ".";
    }
    rule += ", failed";
    if (result.measure().isPresent() || result.failingRows() == 0) {
      return rule + ": " + result.reason() + ".";
    }
    return rule
        + " in "
        + result.failingRows()
        + " of "
        + result.judgedRows()
        + " rows"
        + (result.reason().isEmpty() ? "" : ", " + result.reason())
        + ".";
  }

  static OptionalDouble score(List<RuleResult> results) {
    long evaluated =
        results.stream().filter(r -> r.outcome() != QualityReport.Outcome.SKIPPED).count();
    long passed = results.stream().filter(r -> r.outcome() == QualityReport.Outcome.PASS).count();
    return evaluated == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * passed / evaluated);
  }

  /** The findings of a report whose results changed; those of its violations keep their samples. */
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
        if (result.severity() == severity) {
          findings.add(
              new Finding(
                  "RULE_FAILED",
                  severity == Rule.Severity.ERROR
                      ? Finding.Severity.ERROR
                      : Finding.Severity.WARNING,
                  result.ruleId(),
                  failed(result),
                  result.failingRows(),
                  result.samples(),
                  result.outcome() == QualityReport.Outcome.NOT_EVALUATED
                      ? "Give the rule what it asks for (define the product, have the right to read"
                          + " it granted, bring the code), or correct the rule with"
                          + " amendContract(..)."
                      : "Mend these rows, or leave them out."));
        }
      }
    }
    return findings;
  }
}
