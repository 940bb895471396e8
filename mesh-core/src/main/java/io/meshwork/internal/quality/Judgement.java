package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.error.Finding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one publish ended. Immutable.
 *
 * @param report the numbers; of a refused publish no row is accepted
 * @param refused true if nothing may be committed
 * @param refusal why, as far as no single finding says it, in half a sentence without field values;
 *     empty if not refused, or if the findings say it all
 * @param findings everything that broke the contract, schema first, then rules by severity; with
 *     samples. Of an accepted publish too
 * @param pending rules that are judged only when the table and its history are known; in the report
 *     they are skipped until then
 * @param measures what was measured of the publish's own rows, by name
 */
public record Judgement(
    QualityReport report,
    boolean refused,
    String refusal,
    List<Finding> findings,
    List<PendingRule> pending,
    Map<String, Double> measures) {
  /** Copies the collections. */
  public Judgement {
    findings = List.copyOf(findings);
    pending = List.copyOf(pending);
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** Without rules that are judged later. */
  public Judgement(QualityReport report, boolean refused, String refusal, List<Finding> findings) {
    this(report, refused, refusal, findings, List.of(), Map.of());
  }

  Judgement with(List<PendingRule> rules, Map<String, Double> measured) {
    return new Judgement(report, refused, refusal, findings, rules, measured);
  }

  /** The same as if the table were empty before, and nothing was published to it so far. */
  public Judgement ofFirst() {
    Map<String, RuleResult> results = new LinkedHashMap<>();
    pending.forEach(rule -> results.put(rule.rule().id(), rule.first()));
    return judged(results);
  }

  /**
   * The same once rules were judged that had to wait; refused if one of them stops the publish.
   *
   * @param results theirs, by the rule's id
   */
  public Judgement judged(Map<String, RuleResult> results) {
    List<RuleResult> all =
        report.rules().stream()
            .map(result -> results.getOrDefault(result.ruleId(), result))
            .toList();
    boolean stopped = refused || results.values().stream().anyMatch(RuleResult::stops);
    QualityReport judged =
        new QualityReport(
            report.rowsOffered(),
            stopped ? 0 : report.rowsAccepted(),
            stopped ? 0 : report.rowsQuarantined(),
            stopped ? report.rowsOffered() : report.rowsRejected(),
            Outcome.score(all),
            report.rowScore(),
            all,
            report.violations());
    return new Judgement(
        judged, stopped, refusal, Outcome.findings(judged, findings), List.of(), measures);
  }
}
