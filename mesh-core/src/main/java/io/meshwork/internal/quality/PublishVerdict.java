package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of one publish. Immutable.
 *
 * @param report the counts; a rejected publish has no accepted row
 * @param refused whether the publish is rejected
 * @param rejection why, unless a single finding explains it, as a clause without field values;
 *     empty if not rejected, or if the findings explain it
 * @param findings all violations of the contract, schema first, then rules by severity, with
 *     samples; also of an accepted publish
 * @param pending rules that are evaluated once the table and its history are known; skipped in the
 *     report until then
 * @param measures measured values of the publish's own rows, by name
 */
public record PublishVerdict(
    QualityReport report,
    boolean refused,
    String rejection,
    List<Finding> findings,
    List<PendingRule> pending,
    Map<String, Double> measures) {
  public PublishVerdict {
    findings = List.copyOf(findings);
    pending = List.copyOf(pending);
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** Creates an outcome without pending rules. */
  public PublishVerdict(
      QualityReport report, boolean refused, String rejection, List<Finding> findings) {
    this(report, refused, rejection, findings, List.of(), Map.of());
  }

  PublishVerdict with(List<PendingRule> rules, Map<String, Double> measured) {
    return new PublishVerdict(report, refused, rejection, findings, rules, measured);
  }

  /** Returns the same outcome with findings that say more about the input. */
  public PublishVerdict withNotes(List<Finding> notes) {
    if (notes.isEmpty()) {
      return this;
    }
    List<Finding> violations = new ArrayList<>(report.violations());
    violations.addAll(notes);
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(report.violations().size(), notes);
    QualityReport noted =
        new QualityReport(
            report.rowsOffered(),
            report.rowsAccepted(),
            report.rowsQuarantined(),
            report.rowsRejected(),
            report.rules(),
            violations);
    return new PublishVerdict(noted, refused, rejection, all, pending, measures);
  }

  /** Returns the outcome for a table that is empty and has no history. */
  public PublishVerdict ofFirst() {
    Map<String, RuleResult> results = new LinkedHashMap<>();
    pending.forEach(rule -> results.put(rule.rule().id(), rule.first()));
    return withResults(results);
  }

  /**
   * Returns the outcome with the results of pending rules; rejected if one of them rejects the
   * publish.
   *
   * @param results results by rule ID
   */
  public PublishVerdict withResults(Map<String, RuleResult> results) {
    List<RuleResult> all =
        report.rules().stream()
            .map(result -> results.getOrDefault(result.ruleId(), result))
            .toList();
    boolean rejecting = refused || results.values().stream().anyMatch(RuleResult::stops);
    QualityReport judged =
        new QualityReport(
            report.rowsOffered(),
            rejecting ? 0 : report.rowsAccepted(),
            rejecting ? 0 : report.rowsQuarantined(),
            rejecting ? report.rowsOffered() : report.rowsRejected(),
            all,
            report.violations());
    return new PublishVerdict(
        judged,
        rejecting,
        rejection,
        PolicyDecision.findings(judged, findings),
        List.of(),
        measures);
  }
}
