package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mesh whose domains keep their data in two regions. */
class AwsRegionsTest {
  private static final String IRELAND = "eu-west-1";
  private static final String FARM = "222222222222";
  private static final String READINGS = "plant/readings";
  private static final String YIELDS = "farm/yields";

  @TempDir private Path folder;

  record Reading(long id) {}

  @Test
  void aDomainKeepsItsDataInAnotherRegionThanTheMesh() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    AwsConfig ireland =
        AwsConfig.inRegion(IRELAND)
            .endpoint(AwsLocal.emulator().endpoint())
            .mesh(config.account(), config.meshName());
    String root =
        AwsMesh.setUp(
            ireland, AwsLocal.role(FARM, "admin"), MeshRuntime.systemClock(), AwsSetup::makeBucket);
    assertThat(root).isEqualTo("s3://mesh-" + config.meshName() + "-" + FARM + "-" + IRELAND);

    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient plant = mesh.client();
      plant.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
      plant
          .registerDomain("farm")
          .accounts(FARM)
          .location(root)
          .administrators(Principal.of(FARM, "farm-etl"))
          .owner("farm@example.org")
          .commit();
      assertThat(plant.governance().places())
          .filteredOn(place -> place.domain().equals("farm"))
          .singleElement()
          .satisfies(
              place -> {
                assertThat(place.region()).hasValue(IRELAND);
                assertThat(place.account()).hasValue(FARM);
              });
      publish(plant, READINGS, 3);
    }
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(FARM, "farm-etl")).open()) {
      MeshClient farm = mesh.client();
      for (int i = 1; i <= 2; i++) {
        publish(farm, YIELDS, i);
      }
      farm.grant(YIELDS)
          .to(Principal.of(AwsLocal.ACCOUNT, "plant-etl"))
          .because("Harvest")
          .commit();
      assertThat(farm.read(YIELDS).files()).allMatch(file -> file.startsWith(root + "/data/farm/"));
      mesh.maintain().compactAtLeast(2).commit();
      assertThat(farm.read(YIELDS).files()).hasSize(1);
      assertThat(ids(farm, YIELDS)).hasSize(3);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    String policy =
        AwsPolicies.of(ireland)
            .backupRole(Principal.of(AwsLocal.ACCOUNT, "admin"))
            .bucket(FARM, TableReaders.of(YIELDS, 1, Principal.of(AwsLocal.ACCOUNT, "plant-etl")));
    try (AwsClients clients = new AwsClients(ireland)) {
      clients
          .s3(AwsLocal.role(FARM, "admin"))
          .putBucketPolicy(put -> put.bucket(ireland.bucketIn(FARM)).policy(policy));
    }
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient plant = mesh.client();
      assertThat(ids(plant, YIELDS)).hasSize(3);
      try (Batch<Reading> batch =
          plant
              .subscribe(YIELDS)
              .as(Reading.class)
              .name("copy")
              .purpose("A copy")
              .fromStart()
              .commit()
              .poll()) {
        assertThat(batch).hasSize(3);
        batch.ack();
      }
      assertThat(mesh.mirrors().commit().remaining()).extracting(Finding::toString).isEmpty();
      assertThat(mesh.mirrors().verify().findings()).isEmpty();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
    LocalMesh.Copy backup = AwsMesh.backUp(config, folder, AwsLocal.role("admin"));
    assertThat(backup.damage()).isEmpty();
    try (Mesh copy = LocalMesh.openExisting(folder)) {
      assertThat(ids(copy.clientAs(Principal.of(FARM, "farm-etl")), YIELDS)).hasSize(3);
    }
  }

  private static void publish(MeshClient client, String product, int rows) {
    client.defineProduct(product).contract(Contract.of(Reading.class)).amendIfDefined().commit();
    client
        .publish(product)
        .records(LongStream.range(0, rows).mapToObj(Reading::new).toList())
        .idempotencyKey("run-" + rows)
        .commit();
  }

  private static List<Long> ids(MeshClient client, String product) {
    List<Long> ids = new ArrayList<>();
    try (Rows<Reading> rows = client.read(product).as(Reading.class).rows()) {
      rows.forEach(row -> ids.add(row.id()));
    }
    return ids;
  }
}
