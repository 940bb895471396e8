package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.examples.docs.Orders.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.operation.Plan;
import java.util.List;

/** Maintenance, diagnosis, and repair of a mesh with many small publishes. */
public final class MaintainAMesh {
  private MaintainAMesh() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient commerce = Orders.define(mesh, OnViolation.REJECT);
      for (Order order : List.of(Orders.GOOD.get(0), Orders.GOOD.get(1))) {
        for (int i = 0; i < 3; i++) {
          commerce.publish("commerce/orders").records(List.of(order)).commit();
        }
      }
      // tag::maintain[]
      Plan<Maintain.Report> plan = mesh.maintain().plan(); // changes nothing
      plan.steps().forEach(step -> System.out.println(step.verb() + " " + step.subject()));

      Maintain.Report done = mesh.maintain().commit();
      System.out.println(
          done.total(Work.FILES_COMPACTED) + " files became " + done.total(Work.FILES_WRITTEN));
      for (Finding finding : done.remaining()) {
        System.out.println(finding.where() + ": " + finding.what() + " " + finding.fix());
      }
      // end::maintain[]
      // tag::repair[]
      MeshDiagnosis diagnosis = mesh.doctor();
      System.out.println("healthy: " + diagnosis.isHealthy());

      Plan<MeshDiagnosis> repair = mesh.repair().plan();
      if (!repair.isEmpty()) {
        System.out.println(repair); // let somebody look at it
        mesh.repair().commitAsPlanned(repair.fingerprint());
      }
      // end::repair[]
    }
  }
}
