package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.util.List;

/** Examines and repairs a mesh, for {@code Mesh}, which documents it. */
public final class DiagnosisOperations {
  private DiagnosisOperations() {}

  public static PlannedOperation<Plan<MeshDiagnosis>, MeshDiagnosis> repair(ClientSession session) {
    return new MeshRepair(session);
  }

  /** Examines the mesh, and the newest files of each table. */
  public static MeshDiagnosis doctor(ClientSession session) {
    return new MeshDoctor(session).examine();
  }

  /** Examines the mesh, and every file of each table. */
  public static MeshDiagnosis doctorWithChecksums(ClientSession session) {
    return new MeshDoctor(session).examineEveryFile();
  }

  /**
   * Examines the archives of one log: that their files exist and match the log.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Finding> examineArchives(ClientSession session, String partition) {
    return new MeshDoctor(session).examineArchives(partition);
  }
}
