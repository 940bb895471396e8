package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one gate counted of the rows of a publish. Not thread-safe. */
public final class GateTally {
  private final PolicyDecision counts;
  private final RuleGroups rules;
  private final ConversionErrorCount conversionErrors;
  private final RecordChecks checks;

  GateTally(
      PolicyDecision counts,
      RuleGroups rules,
      ConversionErrorCount conversionErrors,
      RecordChecks checks) {
    this.counts = counts;
    this.rules = rules;
    this.conversionErrors = conversionErrors;
    this.checks = checks;
  }

  /** Returns what the gate counted, and closes its measures. */
  public GateCounts counts() {
    GateCounts all =
        new GateCounts(
            counts.offered(),
            counts.violating(),
            counts.published(),
            counts.quarantined(),
            rules.counts(),
            conversionErrors.counts(),
            checks.counts(),
            rules.datasetRules().counts());
    rules.datasetRules().close();
    return all;
  }

  /**
   * Returns the outcome of a publish of all these rows; called once.
   *
   * @param conversionFindings findings on rows that did not fit their columns
   */
  public PublishVerdict verdict(List<Finding> conversionFindings) {
    List<QualityReport.RuleResult> results = new ArrayList<>(rules.results());
    results.addAll(conversionErrors.results(counts.offered()));
    List<Finding> violations = new ArrayList<>(conversionFindings);
    violations.addAll(checks.findings());
    if (!rules.judgesAcrossRows()) {
      rules.datasetRules().close();
      return counts.verdict(results, violations);
    }
    PublishVerdict outcome =
        counts.verdict(results, violations).with(rules.datasetRules().pending(), measuredValues());
    rules.datasetRules().closeMeasured();
    return outcome;
  }

  /** The measured values of the publish's rows, by name. */
  private Map<String, Double> measuredValues() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(Rule.Kind.ROW_COUNT.text(), (double) counts.published());
    rules.datasetRules().addFigures(values);
    return values;
  }
}
