package io.meshwork.internal.maintenance;

import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.maintenance.Maintain;
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
}
