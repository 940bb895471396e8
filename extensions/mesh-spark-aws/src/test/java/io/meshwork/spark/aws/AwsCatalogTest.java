package io.meshwork.spark.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.contract.Contract;
import io.meshwork.engine.EnginePublish;
import io.meshwork.engine.MeshCatalog;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mesh on AWS as a catalog of an engine, whose tasks are in other processes. */
class AwsCatalogTest {
  private static final String ACCOUNT = "111111111111";
  private static final TableIdentifier RIDES = TableIdentifier.of("mobility", "rides_v1");

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private AwsEmulator aws;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private String address;

  /** A row. */
  record Ride(long id, double fare) {}

  @BeforeEach
  void makeTheMesh() {
    aws = AwsEmulator.start();
    aws.runAs(ACCOUNT, "catalog-driver");
    String name = "c" + Long.toHexString(System.nanoTime());
    address = "aws:" + aws.region() + "/" + ACCOUNT + "/" + name + "?endpoint=" + aws.endpoint();
    AwsConfig config = AwsConfig.of(address);
    AwsMesh.make(config);
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient owner = mesh.client();
      owner.registerDomain("mobility").accounts(ACCOUNT).owner("rides@example.org").commit();
      owner.defineProduct("mobility/rides").contract(Contract.of(Ride.class)).commit();
    }
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private MeshCatalog open(String principal) {
    MeshCatalog catalog = new MeshCatalog();
    catalog.initialize(
        "mesh",
        Map.of("warehouse", address, "meshwork.principal", principal, "cache-enabled", "false"));
    return catalog;
  }

  @Test
  void whatIsSentToTasksHasNoCredentialsAndTheyWriteAsTheirOwnRole() throws Exception {
    try (MeshCatalog catalog = open(ACCOUNT + "/catalog-driver")) {
      EnginePublish publish = catalog.publish(RIDES, Map.of());
      byte[] sent = bytes(publish.settings());
      assertThat(new String(sent, StandardCharsets.ISO_8859_1))
          .contains("rides_v1")
          .doesNotContain(
              System.getProperty("aws.secretAccessKey"), System.getProperty("aws.sessionToken"));

      aws.runAs(ACCOUNT, "catalog-executors");
      aws.reset();
      Serializable result = run(sent);

      assertThat(aws.calls(ACCOUNT, "catalog-executors")).containsOnly("s3:PutObject");
      publish.commit(List.of(result), work -> List.of());
      assertThat(catalog.receipts(RIDES)).hasSize(1);
    }
  }

  private static byte[] bytes(Serializable original) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(original);
    return bytes.toByteArray();
  }

  private static Serializable run(byte[] sent) throws Exception {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(sent));
        EnginePublish.Task task = EnginePublish.task((Serializable) in.readObject(), 0, 0)) {
      task.add(Map.of("id", 1L, "fare", 2.5));
      return task.finish();
    }
  }

  @Test
  void theDriverIsTheRoleOfItsCredentials() {
    assertThatThrownBy(() -> open("mobility/spark"))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_THIS_PRINCIPAL));
  }
}
