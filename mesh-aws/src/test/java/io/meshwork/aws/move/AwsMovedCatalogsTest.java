package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.IamCatalogs;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A moved mesh of several catalogs, whose tables are in the bucket of the mesh, is used by roles
 * that have exactly the policies which {@link AwsPolicies} prints.
 */
class AwsMovedCatalogsTest {
  private static final String ORDERS = "commerce/orders";

  @TempDir private Path temporary;

  @Test
  void aDomainOfAnotherAccountUsesTheBucketOfTheMeshWithThePrintedPolicies() {
    IamCatalogs catalogs = IamCatalogs.makeTables(AwsLocal.emulator(), Topology.federated());
    AwsConfig config = catalogs.config();
    AwsLocal.move(embedded(), config, AwsLocal.role(IamCatalogs.GOVERNANCE, "admin"))
        .account("commerce", IamCatalogs.COMMERCE)
        .account("finance", IamCatalogs.FINANCE)
        .catalog("commerce", IamCatalogs.COMMERCE)
        .catalog("finance", IamCatalogs.FINANCE)
        .commit();
    catalogs.putBucketPolicy(
        IamCatalogs.GOVERNANCE,
        AwsPolicies.of(config)
            .crossAccountDomain("commerce", IamCatalogs.COMMERCE)
            .bucket(IamCatalogs.GOVERNANCE));
    Principal etl = createRole(catalogs, "etl", AwsRoleKind.producer("commerce"));
    Principal operations = createRole(catalogs, "operations", AwsRoleKind.maintenance("commerce"));
    catalogs.permit(operations, IamCatalogs.FINANCE, AwsRoleKind.reader());

    try (Mesh mesh = catalogs.open(etl)) {
      for (SmallOrder order : List.of(new SmallOrder("o-2", 20), new SmallOrder("o-3", 30))) {
        mesh.client().publish(ORDERS).records(List.of(order)).commit();
      }
    }
    try (Mesh mesh = catalogs.open(operations)) {
      Maintain.Report report = mesh.maintain().compactAtLeast(2).commit();
      assertThat(report.remaining()).isEmpty();
      assertThat(report.total(Work.FILES_COMPACTED)).isEqualTo(3);
    }
    try (Mesh mesh = catalogs.process(operations, Duration.ofDays(40)).open()) {
      Maintain.Report report = mesh.maintain().trustClock().commit();
      assertThat(report.remaining()).isEmpty();
      assertThat(report.total(Work.FILES_REMOVED)).isPositive();
      assertThat(report.total(Work.ENTRIES_ARCHIVED)).isPositive();
      assertThat(Finding.errors(mesh.doctor().findings())).isEmpty();
    }
    try (Mesh mesh = catalogs.open(etl);
        Rows<SmallOrder> rows = mesh.client().read(ORDERS).as(SmallOrder.class).rows()) {
      assertThat(rows)
          .containsExactlyInAnyOrder(
              new SmallOrder("o-1", 10), new SmallOrder("o-2", 20), new SmallOrder("o-3", 30));
    }
  }

  private Path embedded() {
    Path folder = temporary.resolve("embedded");
    try (Mesh mesh = LocalMesh.builder(folder).topology(Topology.federated()).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("commerce@example.org").commit();
      mesh.clientAs(Principal.of("finance", "analyst"))
          .registerDomain("finance")
          .owner("finance@example.org")
          .commit();
      commerce.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      commerce.publish(ORDERS).records(List.of(new SmallOrder("o-1", 10))).commit();
    }
    return folder;
  }

  /** Creates a role of commerce, which reads the directory and uses the bucket of the mesh. */
  private static Principal createRole(IamCatalogs catalogs, String name, AwsRoleKind kind) {
    Principal role = catalogs.createRole(IamCatalogs.COMMERCE, name, kind);
    catalogs.permitFiles(role, IamCatalogs.GOVERNANCE, kind);
    catalogs.permit(role, IamCatalogs.COMMERCE, kind);
    catalogs.permit(role, IamCatalogs.GOVERNANCE, AwsRoleKind.reader());
    return role;
  }
}
