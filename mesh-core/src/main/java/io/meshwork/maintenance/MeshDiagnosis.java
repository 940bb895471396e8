package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import java.util.List;

/**
 * What {@code Mesh.doctor()} found at the time of the call. Immutable.
 *
 * @param findings the problems, by domain and product, and notes on leftovers that do no harm
 */
public record MeshDiagnosis(List<Finding> findings) {
  public MeshDiagnosis {
    findings = List.copyOf(findings);
  }

  /** Returns true if there are no problems; there may be notes. */
  public boolean isHealthy() {
    return problems().isEmpty();
  }

  /** Returns the findings without the notes. */
  public List<Finding> problems() {
    return findings.stream().filter(finding -> finding.severity() != Severity.NOTE).toList();
  }
}
