package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.IamAccounts;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Meshes of one account and of several tables, whose roles have exactly the printed policies. */
class IamTopologiesTest {
  private static final String GOVERNANCE = IamAccounts.GOVERNANCE;
  private static final String ORDERS = "commerce/orders";

  private static AwsEmulator aws;

  @BeforeAll
  static void start() {
    aws = AwsLocal.emulator();
  }

  @Test
  void inTheAccountOfTheMeshARoleMaintainsItsDomainAndTheMesh() {
    IamAccounts accounts = IamAccounts.make(aws);
    Principal steward = accounts.newName(GOVERNANCE, "steward");
    accounts.createRole(steward, AwsRoleKind.governance(), AwsRoleKind.steward("commerce"));
    Principal operations = accounts.newName(GOVERNANCE, "operations");
    accounts.createRole(operations, AwsRoleKind.governance(), AwsRoleKind.maintenance("commerce"));
    try (Mesh mesh = accounts.open(steward)) {
      MeshClient client = mesh.client();
      client.registerDomain("commerce").accounts(GOVERNANCE).owner("c@example.org").commit();
      client.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      client.publish(ORDERS).records(List.of(new SmallOrder("o-1", 10))).commit();
    }

    for (Duration later : List.of(Duration.ZERO, Duration.ofDays(40))) {
      try (Mesh mesh = accounts.openLater(operations, later)) {
        assertThat(mesh.maintain().trustClock().commit().remaining()).isEmpty();
        assertThat(Finding.errors(mesh.doctor().findings())).isEmpty();
      }
    }
  }

  /** A build runs one of the topologies, and the nightly tests run both. */
  static List<Topology> topologies() {
    return TestSample.oneOf(
        List.of(
            Topology.federated(),
            Topology.byLineOfBusiness(
                Map.of("retail", Set.of("commerce"), "banking", Set.of("finance")))));
  }

  @ParameterizedTest
  @MethodSource("topologies")
  void aProductIsSharedMaintainedAndBackedUpWithThePoliciesOfItsCatalogs(Topology topology) {
    IamCatalogsStory.prepare(aws, topology).run();
  }
}
