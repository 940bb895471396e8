package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.move.AwsMoveFixture;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The programs of the guide, with the credentials that the SDK finds. */
class AwsGuideTest {
  private static final List<String> PROPERTIES =
      List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.sessionToken");

  private AwsConfig config;

  @BeforeEach
  void runAsARole() {
    AwsSessionCredentials role =
        (AwsSessionCredentials) AwsLocal.role("commerce-etl").resolveCredentials();
    Map.of(
            "aws.accessKeyId", role.accessKeyId(),
            "aws.secretAccessKey", role.secretAccessKey(),
            "aws.sessionToken", role.sessionToken())
        .forEach(System::setProperty);
    config =
        sales()
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh("111111111111", "g" + UUID.randomUUID().toString().substring(0, 8));
  }

  @AfterEach
  void forgetTheRole() {
    PROPERTIES.forEach(System::clearProperty);
  }

  // tag::config[]
  static AwsConfig sales() {
    return AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
  }

  // end::config[]

  @Test
  void aProgramPublishesAndReads() {
    List<Order> orders = Order.range(1, 3);

    // tag::make[]
    AwsMesh.make(config);
    // end::make[]

    // tag::publish[]
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient etl = mesh.client();
      etl.registerDomain("commerce")
          .accounts("111111111111")
          .owner("commerce@example.org")
          .commit();
      etl.defineProduct("commerce/orders")
          .contract(Contract.of(Order.class))
          .amendIfDefined()
          .commit();
      etl.publish("commerce/orders").records(orders).idempotencyKey("2026-11-22").commit();
    }
    // end::publish[]

    try (Mesh mesh = AwsMesh.connect(config)) {
      // tag::acting[]
      MeshClient steward = mesh.clientAs(Principal.of("111111111111", "commerce-steward"));
      // end::acting[]
      assertThat(steward.read("commerce/orders").as(Order.class).rows())
          .containsExactlyInAnyOrderElementsOf(orders);
      assertThatThrownBy(() -> mesh.clientAs(Principal.of("finance", "analyst")))
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void aFolderIsMovedBackedUpAndRestored(@TempDir Path temporary) {
    Path folder = temporary.resolve("my-mesh");
    Path backup = temporary.resolve("my-backup");
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.registerDomain("commerce").owner("commerce@example.org").commit();
      etl.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      etl.publish("commerce/orders").records(Order.range(1, 2)).commit();
    }
    AwsMoveFixture.makeStores(config);

    // tag::move[]
    MoveMesh move = AwsMesh.move(folder, config).account("commerce", "111111111111");
    System.out.println(move.plan());
    LocalMesh.Copy moved = move.commit();
    System.out.println("damaged: " + !moved.damage().isEmpty());
    // end::move[]
    assertThat(moved.damage()).isEmpty();

    // tag::backup[]
    LocalMesh.Copy copy = AwsMesh.backUp(config, backup);
    System.out.println("damaged: " + !copy.damage().isEmpty());
    // end::backup[]
    assertThat(copy.damage()).isEmpty();

    // tag::restoreFiles[]
    long restored = AwsMesh.restoreFiles(config);
    System.out.println("restored: " + restored);
    // end::restoreFiles[]
    assertThat(restored).isZero();
    try (Mesh mesh = AwsMesh.connect(config)) {
      assertThat(mesh.client().read("commerce/orders").as(Order.class).rows()).hasSize(1);
    }
  }
}
