package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one gate counted of the rows of a publish. The tallies of gates that evaluated parts of the
 * rows add up to that of a gate that evaluated all of them, except for keys and for rows that were
 * held, on which a gate decides by all rows. Not thread-safe.
 */
public final class GateTally {
  private PolicyDecision counts;
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
   * Adds what another gate counted.
   *
   * @param later that of a gate for the same contract and policy, of rows with higher numbers
   */
  public void add(GateCounts later) {
    counts = counts.plus(later);
    rules.add(later.rules());
    conversionErrors.add(later.columns());
    checks.add(later.checks());
    rules.datasetRules().add(later.measures());
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
