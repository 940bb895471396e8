package io.meshwork.aws.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.MeshNames;
import io.meshwork.aws.S3Local;
import io.meshwork.consume.Rows;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Where the data of an embedded mesh is after its move: places, accounts, and buckets. */
class AwsMovedPlacesTest extends AwsMoveFixture {
  @Test
  void thePlaceOfAnotherMeshIsNotTouched() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .registerDomain("commerce")
          .location("mesh:/annex")
          .commit();
    }
    AwsConfig config = emptyStores();
    try (S3Client s3 = S3Local.client()) {
      String bucket = S3Local.newBucket(s3);
      String marker =
          DocumentJson.write(DocumentJson.create().put("mesh", "other").put("root", bucket));
      s3.putObject(
          put -> put.bucket(bucket.substring("s3://".length())).key("place.json"),
          RequestBody.fromString(marker));

      assertThatThrownBy(() -> move(folder, config).place("mesh:/annex", bucket).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("another mesh");

      String data = S3Local.newBucket(s3);
      s3.putObject(
          put -> put.bucket(data.substring("s3://".length())).key("data/x"),
          RequestBody.fromString("x"));
      assertThatThrownBy(() -> move(folder, config).place("mesh:/annex", data).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("contains data");
    }
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish(ORDERS)
          .records(orders(50, 51))
          .commit();
    }
  }

  @Test
  void placesHaveBucketsOfTheirOwnNames() {
    AwsConfig config = AwsLocal.newMesh();
    MoveMesh move = AwsMesh.move(temporary, config).place("mesh:/annex", "s3://annex-data");

    assertThatThrownBy(() -> move.place("mesh:/other", "s3://annex-data"))
        .hasMessageContaining("another place");
    assertThatThrownBy(() -> move.place("mesh:/other", MeshNames.root(config)))
        .hasMessageContaining("its own files");
    assertThatThrownBy(() -> move.place("mesh:/other", "s3://bucket/prefix"))
        .hasMessageContaining("s3://");
  }

  @Test
  void anotherMeshInTheNewPlaceIsNotTouched() {
    Path folder = embedded();
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);

    assertThatThrownBy(() -> move(folder, config).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("another mesh");
    try (Mesh mesh = AwsLocal.in(config, AwsLocal.role("etl")).open()) {
      assertThat(mesh.client().products()).isEmpty();
    }
  }

  @Test
  void placesOfDataMoveToTheirBuckets() {
    Path folder = embedded();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.registerDomain("commerce").location("mesh:/annex").commit();
      etl.defineProduct("commerce/carts").contract(CONTRACT).commit();
      etl.publish("commerce/carts").records(orders(0, 5)).commit();
    }
    AwsConfig config = emptyStores();
    assertThat(move(folder, config).plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.PLACE_UNMAPPED, "mesh:/annex"));
    String bucket;
    try (S3Client s3 = S3Local.client()) {
      bucket = S3Local.newBucket(s3);
    }

    assertThat(move(folder, config).place("mesh:/annex", bucket).commit().damage()).isEmpty();

    try (S3Client s3 = S3Local.client()) {
      String name = bucket.substring("s3://".length());
      s3.putBucketPolicy(
          put ->
              put.bucket(name)
                  .policy(
                      """
                      {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
                       "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*"}]}\
                      """
                          .formatted(name)));
      assertThat(AwsLocal.restoreFiles(config, AwsLocal.role("admin")))
          .as("the files of places of others are not read")
          .isZero();
      s3.deleteBucketPolicy(delete -> delete.bucket(name));
    }

    try (Mesh mesh = believing(config)) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      assertThat(etl.read("commerce/carts").files())
          .isNotEmpty()
          .allMatch(file -> file.toString().startsWith(bucket + "/data/commerce/carts_v1/"));
      etl.publish("commerce/carts").records(orders(5, 9)).commit();
      assertThat(
              AwsLocal.moveTarget(config, AwsLocal.role("admin"))
                  .open()
                  .registry()
                  .read(RegistryKeys.domain("commerce"))
                  .orElseThrow()
                  .json())
          .contains("\"account\":\"" + COMMERCE + "\"", "\"region\":");
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
    Path backup = temporary.resolve("backup");
    assertThat(AwsLocal.backUp(config, backup, AwsLocal.role("admin")).damage()).isEmpty();
    try (Mesh mesh = LocalMesh.openExisting(backup);
        Rows<CountryOrder> carts =
            mesh.clientAs(Principal.of(COMMERCE, "etl"))
                .read("commerce/carts")
                .as(CountryOrder.class)
                .rows()) {
      assertThat(carts).hasSize(9);
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }
}
