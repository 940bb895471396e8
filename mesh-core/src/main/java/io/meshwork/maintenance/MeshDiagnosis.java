package io.meshwork.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.util.List;

/**
 * What {@code Mesh.doctor()} found at the time of the call. Immutable.
 *
 * @param findings the problems, by domain and product, and notes on leftovers that do no harm
 */
public record MeshDiagnosis(List<Finding> findings) {
  /** Copies the findings. */
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

  /**
   * Repairs what {@code Mesh.doctor()} found and what can be repaired without losing anything:
   * removes files of terminated processes after those processes can no longer commit, rows of
   * attempts past their retention, positions of ended subscriptions and expired reader records; and
   * moves links that follow a product. Damage remains and needs a backup. A link that does not
   * follow remains, and its owner is notified how to fix it. Not thread-safe; commit once. {@code
   * Mesh.repair()} creates it.
   */
  public interface Repair extends PlannedOperation<Plan<MeshDiagnosis>, MeshDiagnosis> {
    /** Sets how long the repair may take. Default: the mesh's deadline. */
    Repair timeout(Duration limit);

    /**
     * Returns what can be repaired, and findings for what cannot. Changes nothing.
     *
     * @throws io.meshwork.error.BackendException if the registry or the store cannot be read
     */
    @Override
    Plan<MeshDiagnosis> plan();

    /**
     * Repairs the mesh.
     *
     * @return what is found afterwards, and why what was due could not be repaired
     * @throws io.meshwork.error.BackendException if the registry or the store failed, or the time
     *     is over: what was done stays done, and the next run continues
     */
    @Override
    MeshDiagnosis commit();
  }
}
