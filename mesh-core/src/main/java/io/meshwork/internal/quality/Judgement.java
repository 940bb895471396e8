package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import java.util.List;

/**
 * How one publish ended. Immutable.
 *
 * @param report the numbers; of a refused publish no row is accepted
 * @param refused true if nothing may be committed
 * @param refusal why, as far as no single finding says it, in half a sentence without field values;
 *     empty if not refused, or if the findings say it all
 * @param findings everything that broke the contract, schema first, then rules by severity; with
 *     samples. Of an accepted publish too
 */
public record Judgement(
    QualityReport report, boolean refused, String refusal, List<Finding> findings) {
  /** Copies the findings. */
  public Judgement {
    findings = List.copyOf(findings);
  }
}
