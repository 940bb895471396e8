package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Lake Formation holds is explained to roles that have exactly the printed policies. */
class LakeFormationRoleKindsTest {
  private AwsEmulator aws;

  @AfterEach
  void stop() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void aConsumerAndAnAdministratorLearnWhatDiffersInACentralMesh() {
    aws = AwsEmulator.start();
    try (LakeFormationAccounts accounts = LakeFormationAccounts.withGrants(aws)) {
      accounts.mirror();
      accounts.grant("analyst");
      Principal analyst = accounts.in("analyst");
      Principal steward = Principal.of(accounts.commerce, "etl");
      create(accounts, analyst, AwsRoleKind.consumer("finance"));
      create(accounts, steward, AwsRoleKind.steward("commerce"));

      assertThat(explain(accounts, analyst))
          .singleElement()
          .asString()
          .contains(
              "/analyst read nothing of orders_v1,",
              "; the mesh lets it read amount, email, id, region.");
      assertThat(review(accounts, steward)).isEqualTo(explain(accounts, analyst));
      accounts.mirror();

      assertThat(explain(accounts, analyst)).isEmpty();
      assertThat(review(accounts, steward)).isEmpty();
    }
  }

  private static void create(LakeFormationAccounts accounts, Principal role, AwsRoleKind kind) {
    AwsPolicies policies = AwsPolicies.of(accounts.config);
    accounts.createRole(
        role.account(), role.role(), policies.caller(role), policies.files(role.account(), kind));
    EmulatedClients catalog = EmulatedClients.administrator(accounts.aws, accounts.catalog);
    catalog.createRole(policies.registryRole(role), policies.registryTrust(role));
    catalog.iam(
        "PutRolePolicy",
        Map.of(
            "RoleName",
            policies.registryRole(role),
            "PolicyName",
            "registry",
            "PolicyDocument",
            policies.registry(kind)));
  }

  private static Mesh open(LakeFormationAccounts accounts, Principal role) {
    return AwsLocal.quick(accounts.config, role.account(), role.role())
        .clock(accounts.clock)
        .open();
  }

  private static List<String> explain(LakeFormationAccounts accounts, Principal role) {
    try (Mesh mesh = open(accounts, role)) {
      ExplainedAccess explained = mesh.client().access().explain(role, ORDERS);
      assertThat(explained.toString()).isNotEmpty();
      return explained.mirrorDifferences();
    }
  }

  private static List<String> review(LakeFormationAccounts accounts, Principal role) {
    try (Mesh mesh = open(accounts, role)) {
      return mesh.client().governance().accessReview("commerce").mirrorDifferences();
    }
  }

  @Test
  void aConsumerAndAnAdministratorLearnWhatDiffersBetweenCatalogs() {
    aws = AwsEmulator.start();
    AwsConfig config = AwsLocal.newMesh(aws).lakeFormation();
    IamCatalogs catalogs = IamCatalogs.make(aws, Topology.federated(), config);
    Principal admin =
        catalogs.createRole(IamCatalogs.GOVERNANCE, "admin", AwsRoleKind.governance());
    for (String table :
        List.of(IamCatalogs.GOVERNANCE, IamCatalogs.COMMERCE, IamCatalogs.FINANCE)) {
      catalogs.permit(admin, table, AwsRoleKind.governance());
    }
    Principal steward =
        catalogs.createRole(IamCatalogs.COMMERCE, "steward", AwsRoleKind.steward("commerce"));
    catalogs.permit(steward, IamCatalogs.COMMERCE, AwsRoleKind.steward("commerce"));
    catalogs.permit(steward, IamCatalogs.GOVERNANCE, AwsRoleKind.reader());
    catalogs.permit(steward, IamCatalogs.FINANCE, AwsRoleKind.reader());
    Principal analyst =
        catalogs.createRole(IamCatalogs.FINANCE, "analyst", AwsRoleKind.consumer("finance"));
    catalogs.permit(analyst, IamCatalogs.FINANCE, AwsRoleKind.consumer("finance"));
    catalogs.permit(analyst, IamCatalogs.GOVERNANCE, AwsRoleKind.reader());
    catalogs.permit(analyst, IamCatalogs.COMMERCE, AwsRoleKind.consumer("finance"));
    register(catalogs, admin, "commerce", IamCatalogs.COMMERCE, steward);
    register(catalogs, admin, "finance", IamCatalogs.FINANCE, analyst);
    try (Mesh mesh = catalogs.open(admin)) {
      mesh.client().governance().admit("finance", "commerce").commit();
    }
    try (Mesh mesh = catalogs.open(steward)) {
      MeshClient client = mesh.client();
      client.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      client.publish(ORDERS).records(List.of(new SmallOrder("1", 1))).commit();
      client.grant(ORDERS).to(analyst).because("Month end").commit();
    }

    try (Mesh mesh = catalogs.open(analyst)) {
      assertThat(mesh.client().access().explain(analyst, ORDERS).mirrorDifferences())
          .singleElement()
          .asString()
          .contains(
              "Lake Formation of account " + IamCatalogs.COMMERCE,
              " read nothing of orders_v1,",
              "; the mesh lets it read amount, id.");
    }
    try (Mesh mesh = catalogs.open(steward)) {
      assertThat(mesh.client().governance().accessReview("commerce").mirrorDifferences())
          .singleElement()
          .asString()
          .contains(analyst.role() + " read nothing of orders_v1");
    }
  }

  private static void register(
      IamCatalogs catalogs, Principal admin, String domain, String account, Principal steward) {
    catalogs.addCatalog(admin, domain, account);
    try (Mesh mesh = catalogs.open(admin)) {
      mesh.client()
          .registerDomain(domain)
          .accounts(account)
          .owner(domain + "@example.org")
          .location(catalogs.root(account))
          .administrators(steward)
          .commit();
    }
  }
}
