package io.meshwork.internal.publish.run;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Creates the failures of publishes whose rows break the contract. */
public final class PublishRejection {
  private static final int MAX_SHOWN = 5;

  private PublishRejection() {}

  /** The rows break the contract, or its rules could not be evaluated. */
  public static ContractViolationException of(
      ProductName product, ContractVersion version, PublishVerdict verdict) {
    return of(product, version, Optional.empty(), verdict);
  }

  /**
   * The same, with what rejects rows that the contract would quarantine.
   *
   * @param rejecting the contract of another major version of the publish; empty if its own does
   */
  static ContractViolationException of(
      ProductName product,
      ContractVersion version,
      Optional<ContractVersion> rejecting,
      PublishVerdict verdict) {
    List<Finding> errors =
        verdict.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .toList();
    boolean notEvaluated = isOnlyNotEvaluated(verdict);
    return Failure.of(MeshAction.of(Verb.PUBLISH, product))
        .because(
            (notEvaluated
                    ? "the rows could not be checked against contract "
                    : "the rows break contract ")
                + version
                + rejecting
                    .map(
                        contractVersion ->
                            ", and contract "
                                + contractVersion
                                + " rejects a publish with such rows")
                    .orElse("")
                + (verdict.rejection().isEmpty() ? "" : ", since " + verdict.rejection())
                + "."
                + lines(errors.stream().map(Finding::what).toList()))
        .state("Nothing was published.")
        .fix(
            notEvaluated
                ? errors.get(0).fix()
                : "Fix the rows and commit again; findings() has samples."
                    + rejecting
                        .map(
                            contractVersion ->
                                " To quarantine them, amend contract "
                                    + contractVersion
                                    + " with onViolation(QUARANTINE).")
                        .orElse(""))
        .findings(verdict.findings())
        .rows(OptionalLong.of(verdict.report().rowsOffered()), failing(verdict.report()))
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }

  private static Map<String, Long> failing(QualityReport report) {
    Map<String, Long> failing = new LinkedHashMap<>();
    report.failed().forEach(rule -> failing.put(rule.ruleId(), rule.failingRows()));
    return failing;
  }

  /** The first of some facts, each on a line, and the number of the others. */
  public static String lines(List<String> facts) {
    return facts.stream().limit(MAX_SHOWN).map(fact -> "\n  " + fact).collect(Collectors.joining())
        + (facts.size() > MAX_SHOWN ? "\n  and " + (facts.size() - MAX_SHOWN) + " more" : "");
  }

  /** True if no row is known to be invalid: no rule that stops the publish could be evaluated. */
  private static boolean isOnlyNotEvaluated(PublishVerdict verdict) {
    List<RuleResult> stopping =
        verdict.report().rules().stream().filter(RuleResult::stops).toList();
    return verdict.rejection().isEmpty()
        && verdict.report().violations().isEmpty()
        && !stopping.isEmpty()
        && stopping.stream()
            .allMatch(result -> result.outcome() == QualityReport.Outcome.NOT_EVALUATED);
  }

  /** Keys that the table contains already. */
  static ContractViolationException ofExistingKeys(
      ProductName product, ContractVersion version, Finding existing, QualityReport checked) {
    return Failure.of(MeshAction.of(Verb.PUBLISH, product))
        .because("the rows break contract " + version + "." + lines(List.of(existing.what())))
        .state("Nothing was published.")
        .fix(existing.fix())
        .findings(List.of(existing))
        .rows(OptionalLong.of(checked.rowsOffered()), Map.of(existing.where(), existing.count()))
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }

  /** Rows that do not match the filter of the rows that they replace. */
  static ContractViolationException ofOutsideScope(
      MeshAction action, Finding outside, QualityReport checked) {
    return Failure.of(action)
        .because(
            outside.what()
                + " Rows that replace others must match the filter, otherwise a second run would"
                + " duplicate them")
        .state("Nothing was published.")
        .fix(outside.fix())
        .findings(List.of(outside))
        .rows(OptionalLong.of(checked.rowsOffered()), failing(checked))
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }
}
