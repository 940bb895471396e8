package io.meshwork.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.io.FileIO;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** The emulator for all tests of this JVM, and credentials for it. */
public final class AwsLocal {
  public static final String ACCOUNT = "111111111111";

  /** Without the pauses between the attempts of a request, which some tests make fail. */
  static final AwsTimeouts QUICK =
      new AwsTimeouts(
          AwsTimeouts.STANDARD.connect(),
          AwsTimeouts.STANDARD.attempt(),
          AwsTimeouts.STANDARD.call(),
          AwsTimeouts.STANDARD.registry(),
          Duration.ofMillis(1));

  private static AwsEmulator emulator;

  private AwsLocal() {}

  /** Returns the emulator; starts it once. Aborts the test if its programs are missing. */
  public static synchronized AwsEmulator emulator() {
    assumeTrue(
        AwsLiveAccount.current().isEmpty(), "needs the emulator, and this run is on live AWS");
    if (emulator == null) {
      emulator = AwsEmulator.start();
    }
    return emulator;
  }

  /** Returns the configuration of a mesh that does not exist yet. */
  public static AwsConfig newMesh() {
    return AwsLiveAccount.current()
        .map(AwsLiveAccount::newMesh)
        .orElseGet(() -> newMesh(emulator()));
  }

  public static AwsConfig newMesh(AwsEmulator aws) {
    String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(ACCOUNT, name);
  }

  /** Returns a builder that opens a mesh as a role, without pauses between attempts. */
  public static Mesh.Builder quick(AwsConfig config, String account, String role) {
    return AwsMesh.builder(config, () -> role(account, role), QUICK);
  }

  /** Creates a mesh. */
  public static void make(AwsConfig config) {
    AwsMesh.make(config, role("admin"));
  }

  /** Creates a mesh with these credentials. */
  public static void make(AwsConfig config, AwsCredentialsProvider credentials) {
    AwsMesh.make(config, credentials);
  }

  /** Returns a builder that opens a mesh with these credentials. */
  public static Mesh.Builder in(AwsConfig config, AwsCredentialsProvider credentials) {
    return AwsMesh.builder(config, credentials);
  }

  /** Moves an embedded mesh with these credentials. */
  public static MoveMesh move(Path folder, AwsConfig config, AwsCredentialsProvider credentials) {
    return AwsMesh.move(folder, config, credentials);
  }

  /** Returns where a mesh moves with these credentials. */
  public static MoveMesh.Target moveTarget(AwsConfig config, AwsCredentialsProvider credentials) {
    return new AwsMoveTarget(config, credentials);
  }

  /** Copies a mesh with these credentials. */
  public static LocalMesh.Copy backUp(
      AwsConfig config, Path target, AwsCredentialsProvider credentials) {
    return AwsMesh.backUp(config, target, credentials);
  }

  /** Restores deleted files with these credentials. */
  public static long restoreFiles(AwsConfig config, AwsCredentialsProvider credentials) {
    return AwsMesh.restoreFiles(config, credentials);
  }

  /** Deletes the table of a mesh. */
  public static void deleteTable(AwsConfig config) {
    try (AwsClients clients = new AwsClients(config)) {
      DynamoDbClient dynamoDb = clients.dynamoDb(role("admin"));
      dynamoDb.updateTable(
          update -> update.tableName(config.table()).deletionProtectionEnabled(false));
      dynamoDb.deleteTable(delete -> delete.tableName(config.table()));
    }
  }

  /** Returns a copy of all items, as a restored table has them. */
  public static List<Map<String, AttributeValue>> items(AwsConfig config) {
    try (AwsClients clients = new AwsClients(config)) {
      return clients
          .dynamoDb(role("admin"))
          .scanPaginator(scan -> scan.tableName(config.table()))
          .items()
          .stream()
          .toList();
    }
  }

  /** Creates the table again with these items. */
  public static void restoreTable(AwsConfig config, List<Map<String, AttributeValue>> items) {
    try (AwsClients clients = new AwsClients(config)) {
      DynamoDbClient dynamoDb = clients.dynamoDb(role("admin"));
      DynamoTable.ensure(dynamoDb, config.table());
      items.forEach(item -> dynamoDb.putItem(put -> put.tableName(config.table()).item(item)));
    }
  }

  /** Deletes all objects below a prefix, and returns their number; their versions remain. */
  public static int deleteObjects(AwsConfig config, String prefix) {
    return deleteObjects(config, prefix, 1);
  }

  /** Deletes all objects below a prefix several times, as repeated maintenance does. */
  public static int deleteObjects(AwsConfig config, String prefix, int times) {
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(role("admin"));
      List<S3Object> objects =
          s3
              .listObjectsV2Paginator(list -> list.bucket(config.bucket()).prefix(prefix))
              .contents()
              .stream()
              .toList();
      for (int time = 0; time < times; time++) {
        objects.forEach(
            object -> s3.deleteObject(delete -> delete.bucket(config.bucket()).key(object.key())));
      }
      return objects.size();
    }
  }

  /** Deletes the versions of all objects below a prefix, and returns their number. */
  public static int deleteVersions(AwsConfig config, String prefix) {
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(role("admin"));
      List<ObjectVersion> versions =
          s3.listObjectVersions(list -> list.bucket(config.bucket()).prefix(prefix)).versions();
      versions.forEach(
          version ->
              s3.deleteObject(
                  delete ->
                      delete
                          .bucket(config.bucket())
                          .key(version.key())
                          .versionId(version.versionId())));
      return versions.size();
    }
  }

  /** Returns the files of a caller. */
  public static FileIO files(S3Client s3, String caller) {
    return new S3Files(s3, caller, () -> s3);
  }

  /** Returns the long-lived keys of an account. */
  public static AwsCredentialsProvider keys(String account) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(emulator().accessKey(account), emulator().secretKey(account)));
  }

  /** Returns the credentials of a role in {@link #ACCOUNT}; in a live account, the caller's. */
  public static AwsCredentialsProvider role(String name) {
    return AwsLiveAccount.current()
        .map(AwsLiveAccount::credentials)
        .orElseGet(() -> role(ACCOUNT, name));
  }

  public static AwsCredentialsProvider role(String account, String name) {
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(emulator().endpoint())
            .region(Region.of(emulator().region()))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(keys(account))
            .build()) {
      Credentials session =
          sts.assumeRole(
                  request ->
                      request
                          .roleArn("arn:aws:iam::" + account + ":role/" + name)
                          .roleSessionName("job"))
              .credentials();
      return StaticCredentialsProvider.create(
          AwsSessionCredentials.create(
              session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }
  }
}
