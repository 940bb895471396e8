package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Buckets whose owner decides how objects are encrypted: by a default, or by a policy. */
class S3EncryptionTest {
  private static final String READINGS = "plant/readings";
  private static final int TWO_PARTS = 20 << 20;

  private final String key =
      "arn:aws:kms:eu-central-1:" + AwsLocal.ACCOUNT + ":key/" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    AwsLocal.emulator();
  }

  @Test
  void withTheKeyInTheConfigurationAllWritesHaveTheHeadersThatAPolicyDemands() {
    AwsConfig config = AwsLocal.newMesh().encryptionKey(key);
    AwsLocal.make(config);
    demandHeaders(config);

    publish(config);

    assertThat(objects(config))
        .isNotEmpty()
        .allSatisfy(
            object -> {
              assertThat(object.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
              assertThat(object.ssekmsKeyId()).isEqualTo(key);
            });
  }

  @Test
  void aFileOfSeveralPartsHasTheKeyWithoutADefaultOfTheBucket() throws IOException {
    AwsConfig config = AwsLocal.newMesh().encryptionKey(key);
    AwsLocal.make(config);
    try (S3Client s3 = administrator()) {
      s3.deleteBucketEncryption(delete -> delete.bucket(config.bucket()));
    }
    try (AwsRoleCredentials process = AwsRoleCredentials.of(config, AwsLocal.role("plant-etl"))) {
      FileIO files = process.own().ports().files();
      try (OutputStream file = files.newOutputFile(config.root() + "/data/plant/large").create()) {
        file.write(new byte[TWO_PARTS]);
      }
    }

    assertThat(objects(config))
        .filteredOn(object -> object.contentLength() == TWO_PARTS)
        .singleElement()
        .satisfies(object -> assertThat(object.ssekmsKeyId()).isEqualTo(key));
  }

  @Test
  void aCopyOfTheFilesInAnotherProcessNamesTheKeyToo() throws Exception {
    AwsConfig config = AwsLocal.newMesh().encryptionKey(key);
    AwsLocal.make(config);
    demandHeaders(config);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (AwsRoleCredentials process = AwsRoleCredentials.of(config, AwsLocal.role("plant-etl"))) {
      new ObjectOutputStream(bytes).writeObject(process.own().ports().files());
    }

    try (AwsEmulator aws = AwsEmulator.start();
        ObjectInputStream read =
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        FileIO copied = (FileIO) read.readObject()) {
      aws.runAs(AwsLocal.ACCOUNT, "plant-etl");
      try (OutputStream file = copied.newOutputFile(config.root() + "/data/plant/small").create()) {
        file.write(1);
      }
    }

    assertThat(objects(config))
        .filteredOn(object -> object.contentLength() == 1)
        .singleElement()
        .satisfies(object -> assertThat(object.ssekmsKeyId()).isEqualTo(key));
  }

  @Test
  void withoutAKeyTheDefaultOfTheBucketIsKeptAndDecides() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config.encryptionKey(key));

    AwsLocal.make(config);
    publish(config);

    assertThat(objects(config))
        .isNotEmpty()
        .allSatisfy(object -> assertThat(object.ssekmsKeyId()).isEqualTo(key));
  }

  @Test
  void withoutAKeyAPolicyThatDemandsHeadersDeniesAPublish() {
    AwsConfig config = AwsLocal.newMesh();
    AwsLocal.make(config);
    demandHeaders(config);

    assertThatThrownBy(() -> publish(config))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContaining("s3:PutObject");
  }

  private void demandHeaders(AwsConfig config) {
    String files = "arn:aws:s3:::" + config.bucket() + "/*";
    try (S3Client s3 = administrator()) {
      s3.putBucketPolicy(
          put ->
              put.bucket(config.bucket())
                  .policy(
                      Policies.policy(
                          demand("s3:x-amz-server-side-encryption", "aws:kms", files),
                          demand("s3:x-amz-server-side-encryption-aws-kms-key-id", key, files))));
    }
  }

  private static String demand(String header, String value, String files) {
    return """
        {"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"%s",\
        "Condition":{"StringNotEquals":{"%s":"%s"}}}"""
        .formatted(files, header, value);
  }

  private static void publish(AwsConfig config) {
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role("plant-etl")).open()) {
      MeshClient client = mesh.client();
      client.registerDomain("plant").accounts(AwsLocal.ACCOUNT).owner("plant@example.org").commit();
      client.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
      client.publish(READINGS).records(List.of(new SensorReading(1, 20))).commit();
    }
  }

  private static List<HeadObjectResponse> objects(AwsConfig config) {
    try (S3Client s3 = administrator()) {
      return s3.listObjectsV2(list -> list.bucket(config.bucket())).contents().stream()
          .map(S3Object::key)
          .map(file -> s3.headObject(head -> head.bucket(config.bucket()).key(file)))
          .toList();
    }
  }

  private static S3Client administrator() {
    return EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT).s3();
  }
}
