package io.meshwork.internal.publish;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.stream.Collectors;

/** What a producer is told whose rows break the contract: what, how often, and what to do. */
final class PublishRefusal {
  private static final int SHOWN = 5;

  private PublishRefusal() {}

  static ContractViolationException of(
      ProductName product, ContractVersion version, PublishVerdict judgement) {
    List<Finding> errors =
        judgement.findings().stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .toList();
    String what =
        errors.stream()
            .limit(SHOWN)
            .map(finding -> "\n  " + finding.what())
            .collect(Collectors.joining());
    String more = errors.size() > SHOWN ? "\n  and " + (errors.size() - SHOWN) + " more" : "";
    boolean unjudged = isOnlyUnjudged(judgement);
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Cannot publish to "
            + product
            + (unjudged
                ? ": nobody can say whether the rows keep contract "
                : ": the rows break contract ")
            + version
            + (judgement.refusal().isEmpty() ? "" : ", since " + judgement.refusal())
            + "."
            + what
            + more
            + "\nNothing was published. "
            + (unjudged
                ? errors.get(0).fix()
                : "Fix the rows and commit again; findings() has samples."),
        judgement.findings());
  }

  /** True if no row is known to be bad: each rule that stops the publish could not be judged. */
  private static boolean isOnlyUnjudged(PublishVerdict judgement) {
    List<RuleResult> stopping =
        judgement.report().rules().stream().filter(RuleResult::stops).toList();
    return judgement.refusal().isEmpty()
        && judgement.report().violations().isEmpty()
        && !stopping.isEmpty()
        && stopping.stream()
            .allMatch(result -> result.outcome() == QualityReport.Outcome.NOT_EVALUATED);
  }

  /** Of keys that others took while the rows were on their way. */
  static ContractViolationException ofTakenKeys(
      ProductName product, ContractVersion version, Finding taken) {
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Cannot publish to "
            + product
            + ": the rows break contract "
            + version
            + ".\n  "
            + taken.what()
            + "\nNothing was published. "
            + taken.fix(),
        List.of(taken));
  }

  static ContractViolationException ofOutsideScope(MeshAction action, Finding outside) {
    return new ContractViolationException(
        ErrorCode.CONTRACT_VIOLATED,
        "Cannot "
            + action
            + ": "
            + outside.what()
            + " Rows that replace others must be such as the filter takes away, else a second run"
            + " would double them. Nothing was published. "
            + outside.fix(),
        List.of(outside));
  }
}
