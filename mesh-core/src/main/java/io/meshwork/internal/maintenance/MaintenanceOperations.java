package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.maintenance.MeshDiagnosis.Repair;
import java.util.List;
import java.util.function.ToLongBiFunction;

/** Creates the operations of an operator, for {@code Mesh}, which documents them. */
public final class MaintenanceOperations {
  private MaintenanceOperations() {}

  /**
   * Maintains the mesh.
   *
   * @param notices delivers pending notices of the maintained domains and returns how many it
   *     delivered
   */
  public static Maintain maintain(
      ClientSession session, ToLongBiFunction<MaintainedDomains, Deadline> notices) {
    return new MeshMaintenance(session, notices);
  }

  /** Repairs the mesh. */
  public static Repair repair(ClientSession session) {
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
