package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import java.util.List;

/**
 * What a look at the mesh found. A value as of when it was asked for.
 *
 * @param findings what is wrong, by product; empty when all is well
 */
public record Diagnosis(List<Finding> findings) {
  /** Copies the findings. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** True when nothing was found. */
  public boolean isHealthy() {
    return findings.isEmpty();
  }
}
