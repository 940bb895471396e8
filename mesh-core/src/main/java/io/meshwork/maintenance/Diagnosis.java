package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import java.util.List;

/**
 * What a look at the mesh found. A value as of when it was asked for.
 *
 * @param findings what is wrong, by domain and product, and notes of what is merely left over
 */
public record Diagnosis(List<Finding> findings) {
  /** Copies the findings. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** True when nothing is wrong; there may be notes. */
  public boolean isHealthy() {
    return problems().isEmpty();
  }

  /** The findings without the notes. */
  public List<Finding> problems() {
    return findings.stream().filter(finding -> finding.severity() != Severity.NOTE).toList();
  }
}
