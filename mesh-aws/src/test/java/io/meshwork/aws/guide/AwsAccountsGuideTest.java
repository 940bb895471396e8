package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.MeshNames;
import io.meshwork.aws.move.AwsMoveFixture;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The programs of the guide for several accounts, each with the credentials of its account. */
class AwsAccountsGuideTest {
  private static final List<String> PROPERTIES =
      List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken");

  @AfterEach
  void forgetTheRole() {
    PROPERTIES.forEach(System::clearProperty);
  }

  @Test
  void aDomainHasItsRegistryAndItsDataInItsOwnAccount() {
    AwsConfig config =
        AwsGuideTest.sales()
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh("111111111111", "g" + UUID.randomUUID().toString().substring(0, 8));

    runAs("111111111111", "admin");
    // tag::directory[]
    AwsMesh.make(config, Topology.federated());
    // end::directory[]

    runAs("222222222222", "admin");
    // tag::stores[]
    AwsMesh.makeTable(config);
    String root = AwsMesh.makeBucket(config);
    // end::stores[]

    runAs("111111111111", "governance");
    // tag::catalog[]
    AwsMesh.addCatalog(config, "commerce", "222222222222");
    // end::catalog[]

    // tag::domain[]
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client()
          .registerDomain("commerce")
          .accounts("222222222222")
          .administrators(Principal.of("222222222222", "commerce-etl"))
          .owner("commerce@example.org")
          .location(root)
          .commit();
    }
    // end::domain[]

    runAs("222222222222", "commerce-etl");
    List<Order> orders = Order.range(1, 3);
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient etl = mesh.client();
      etl.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      etl.publish("commerce/orders").records(orders).commit();

      assertThat(etl.read("commerce/orders").as(Order.class).rows())
          .containsExactlyInAnyOrderElementsOf(orders);
      assertThat(etl.governance().places())
          .singleElement()
          .satisfies(
              place -> {
                assertThat(place.root())
                    .isEqualTo(
                        "s3://mesh-" + MeshNames.meshName(config) + "-222222222222-eu-central-1");
                assertThat(place.account()).hasValue("222222222222");
              });
    }
  }

  @Test
  void governanceAdmitsTheDomainsOfConsumers() {
    AwsConfig config =
        AwsGuideTest.sales()
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh("111111111111", "g" + UUID.randomUUID().toString().substring(0, 8));
    runAs("111111111111", "admin");
    AwsMesh.make(config, Topology.federated());
    for (Map.Entry<String, String> domain :
        Map.of("commerce", "222222222222", "finance", "333333333333").entrySet()) {
      runAs(domain.getValue(), "admin");
      AwsMesh.makeTable(config);
      runAs("111111111111", "governance");
      AwsMesh.addCatalog(config, domain.getKey(), domain.getValue());
      try (Mesh mesh = AwsMesh.connect(config)) {
        mesh.client()
            .registerDomain(domain.getKey())
            .accounts(domain.getValue())
            .owner(domain.getKey() + "@example.org")
            .commit();
      }
    }

    // tag::admit[]
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client().governance().admit("finance", "commerce").commit();
    }
    // end::admit[]

    try (Mesh mesh = AwsMesh.connect(config)) {
      assertThat(mesh.client().governance().topology().guests().get("commerce"))
          .containsExactly("finance");
    }
  }

  @Test
  void aFolderOfSeveralCatalogsIsMoved(@TempDir Path temporary) {
    AwsConfig config =
        AwsGuideTest.sales()
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh("111111111111", "g" + UUID.randomUUID().toString().substring(0, 8));
    Path folder = temporary.resolve("my-mesh");
    try (Mesh mesh = LocalMesh.builder(folder).topology(Topology.federated()).open()) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "commerce-etl"));
      etl.registerDomain("commerce").owner("commerce@example.org").commit();
      etl.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      etl.publish("commerce/orders").records(Order.range(1, 2)).commit();
    }
    runAs("222222222222", "admin");
    AwsMesh.makeTable(config);
    AwsMoveFixture.makeStores(config);

    runAs("111111111111", "admin");
    // tag::move[]
    MoveMesh move =
        AwsMesh.move(folder, config)
            .account("commerce", "222222222222")
            .catalog("commerce", "222222222222");
    LocalMesh.Copy moved = move.commit();
    // end::move[]

    assertThat(moved.damage()).isEmpty();
    try (Mesh mesh = AwsMesh.connect(config)) {
      assertThat(mesh.client().governance().topology().topology().shape())
          .isEqualTo(Topology.Shape.FEDERATED);
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private static void runAs(String account, String role) {
    AwsSessionCredentials session =
        (AwsSessionCredentials) AwsLocal.role(account, role).resolveCredentials();
    Map.of(
            "aws.accessKeyId", session.accessKeyId(),
            "aws.secretAccessKey", session.secretAccessKey(),
            "aws.sessionToken", session.sessionToken())
        .forEach(System::setProperty);
  }
}
