package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.testkit.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Meshes of one account and of several tables, whose roles have exactly the printed policies. */
class IamTopologiesTest {
  private static final String GOVERNANCE = IamAccounts.GOVERNANCE;
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";
  private static final String ORDERS = "commerce/orders";

  private static AwsEmulator aws;

  record Order(String id, double total) {}

  @BeforeAll
  static void start() {
    aws = AwsLocal.emulator();
  }

  @Test
  void inTheAccountOfTheMeshARoleMaintainsItsDomainAndTheMesh() {
    IamAccounts accounts = IamAccounts.make(aws);
    Principal steward = accounts.newName(GOVERNANCE, "steward");
    accounts.createRole(steward, AwsDuty.governance(), AwsDuty.steward("commerce"));
    Principal operations = accounts.newName(GOVERNANCE, "operations");
    accounts.createRole(operations, AwsDuty.governance(), AwsDuty.maintenance("commerce"));
    try (Mesh mesh = accounts.open(steward)) {
      MeshClient client = mesh.acting();
      client.registerDomain("commerce").accounts(GOVERNANCE).ownedBy("c@example.org").commit();
      client.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      client.publish(ORDERS).records(List.of(new Order("o-1", 10))).commit();
    }

    for (Duration later : List.of(Duration.ZERO, Duration.ofDays(40))) {
      try (Mesh mesh = accounts.openLater(operations, later)) {
        assertThat(mesh.maintain().trustingClock().commit().left()).isEmpty();
        assertThat(Finding.errors(mesh.doctor().findings())).isEmpty();
      }
    }
  }

  @Test
  void aFederatedMeshDefinesPublishesAndGrantsWithThePoliciesOfItsCatalogs() {
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsPolicies directory = AwsPolicies.of(config);
    AwsPolicies commerce = directory.catalog("commerce", COMMERCE);
    AwsPolicies finance = directory.catalog("finance", FINANCE);
    administer(config, GOVERNANCE, setup -> setup.make(Optional.of(Topology.federated())));
    for (String account : List.of(COMMERCE, FINANCE)) {
      administer(config, account, AwsSetup::makeTable);
      administer(config, account, AwsSetup::makeBucket);
    }
    Roles roles = new Roles(config);
    Principal admin = roles.create(GOVERNANCE, "admin", AwsDuty.governance());
    roles.permit(admin, directory, GOVERNANCE, AwsDuty.governance());
    roles.permit(admin, commerce, COMMERCE, AwsDuty.governance());
    roles.permit(admin, finance, FINANCE, AwsDuty.governance());
    Principal steward =
        roles.create(
            COMMERCE, "steward", AwsDuty.steward("commerce"), AwsDuty.maintenance("commerce"));
    roles.permit(steward, directory, GOVERNANCE, AwsDuty.reader());
    roles.permit(
        steward, commerce, COMMERCE, AwsDuty.steward("commerce"), AwsDuty.maintenance("commerce"));
    roles.permit(steward, finance, FINANCE, AwsDuty.reader());
    Principal analyst = roles.create(FINANCE, "analyst", AwsDuty.consumer("finance"));
    roles.permit(analyst, directory, GOVERNANCE, AwsDuty.reader());
    roles.permit(analyst, commerce, COMMERCE, AwsDuty.consumer("finance"));
    roles.permit(analyst, finance, FINANCE, AwsDuty.consumer("finance"));
    roles.share(COMMERCE, directory.bucket(COMMERCE, TableReaders.of(ORDERS, 1, analyst)));

    for (String domain : List.of("commerce", "finance")) {
      String account = domain.equals("commerce") ? COMMERCE : FINANCE;
      AwsMesh.setUp(
          config,
          AwsLocal.role(admin.account(), admin.role()),
          MeshRuntime.systemClock(),
          setup -> {
            setup.addCatalog(domain, new TablePlace(account, config.region(), config.table()));
            return null;
          });
      try (Mesh mesh = roles.open(admin)) {
        mesh.acting()
            .registerDomain(domain)
            .accounts(account)
            .ownedBy(domain + "@example.org")
            .keepingDataAt("s3://" + config.bucketIn(account))
            .administrators(domain.equals("commerce") ? steward : analyst)
            .commit();
      }
    }
    try (Mesh mesh = roles.open(steward)) {
      MeshClient client = mesh.acting();
      client.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      client.publish(ORDERS).records(List.of(new Order("o-1", 10))).commit();
    }
    try (Mesh mesh = roles.open(analyst)) {
      assertThatThrownBy(() -> request(mesh))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));
    }
    // The first write in another catalog registers the domain there.
    Principal registryRole = Principal.of(COMMERCE, commerce.registryRole(analyst));
    Roles.put(
        registryRole,
        "registry",
        commerce.registry(AwsDuty.consumer("finance"), AwsDuty.governance()));
    String request;
    try (Mesh mesh = roles.open(analyst)) {
      request = request(mesh);
    }
    Roles.put(registryRole, "registry", commerce.registry(AwsDuty.consumer("finance")));
    try (Mesh mesh = roles.open(steward)) {
      mesh.acting().requests().approve(request).because("Revenue").commit();
    }
    try (Mesh mesh = roles.open(analyst)) {
      assertThat(mesh.acting().requests().sent().get(0).granted()).isPresent();
    }
  }

  private static String request(Mesh mesh) {
    return mesh.acting().requestAccess(ORDERS).purpose("Revenue").commit().id();
  }

  private static void administer(AwsConfig config, String account, Consumer<AwsSetup> step) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(account, "admin"),
        MeshRuntime.systemClock(),
        setup -> {
          step.accept(setup);
          return null;
        });
  }

  /** Roles with the printed policies for several tables. */
  private record Roles(AwsConfig config) {
    Principal create(String account, String name, AwsDuty... duties) {
      Principal role = Principal.of(account, name + "-" + config.meshName());
      clients(account).createRole(role.role(), Policies.trust(account));
      put(role, "files", AwsPolicies.of(config).files(account, duties));
      return role;
    }

    /** Gives a role the permissions of its duties on the table in an account. */
    void permit(Principal role, AwsPolicies policies, String tableAccount, AwsDuty... duties) {
      Principal registry = role;
      if (!tableAccount.equals(role.account())) {
        registry = Principal.of(tableAccount, policies.registryRole(role));
        clients(tableAccount).createRole(registry.role(), policies.registryTrust(role));
        put(role, "caller-" + tableAccount, policies.caller(role));
      }
      put(registry, "registry", policies.registry(duties));
    }

    void share(String account, String policy) {
      try (var s3 = clients(account).s3()) {
        s3.putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
      }
    }

    Mesh open(Principal role) {
      return AwsMesh.in(config, AwsLocal.role(role.account(), role.role())).open();
    }

    static void put(Principal role, String name, String policy) {
      clients(role.account())
          .iam(
              "PutRolePolicy",
              Map.of("RoleName", role.role(), "PolicyName", name, "PolicyDocument", policy));
    }

    private static EmulatedClients clients(String account) {
      return EmulatedClients.administrator(aws, account);
    }
  }
}
