package io.meshwork.aws;

import io.meshwork.conformance.FileIOConformance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** Files on the emulator's S3, with the clients of a role as an open mesh has them. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class S3FilesConformanceTest extends FileIOConformance {
  private static final Map<String, String> PROPERTIES = new HashMap<>();
  private static S3Client administrator;
  private static AwsConfig config;
  private static AwsRoleCredentials process;

  @BeforeAll
  static void connect() {
    config = AwsLocal.newMesh();
    AwsCredentialsProvider role = AwsLocal.role("etl");
    administrator = S3Local.client();
    process = AwsRoleCredentials.of(config, role);
    if (role.resolveCredentials() instanceof AwsSessionCredentials session) {
      // Copies of the files, such as on Spark, use the credentials of their process.
      setProperty("aws.accessKeyId", session.accessKeyId());
      setProperty("aws.secretAccessKey", session.secretAccessKey());
      setProperty("aws.sessionToken", session.sessionToken());
    }
  }

  private static void setProperty(String name, String value) {
    PROPERTIES.put(name, System.setProperty(name, value));
  }

  @AfterAll
  static void disconnect() {
    PROPERTIES.forEach(
        (name, before) -> {
          if (before == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, before);
          }
        });
    PROPERTIES.clear();
    if (process != null) { // null if the emulator is missing
      process.close();
      administrator.close();
    }
  }

  private final String bucket = S3Local.newBucket(administrator);
  private final List<AwsRoleCredentials> denied = new ArrayList<>();

  @Override
  protected FileIO fileIO() {
    return process.own().ports().files();
  }

  /** Returns the files of a role without permissions on the bucket. */
  @Override
  protected Optional<FileIO> deniedFileIO() {
    String role = "denied-" + UUID.randomUUID();
    EmulatedClients owner = EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT);
    owner.createRole(role, Policies.trust(AwsLocal.ACCOUNT));
    owner.putRolePolicy(role, Policies.allow("s3:GetObject", "arn:aws:s3:::other/*"));
    AwsRoleCredentials caller =
        AwsRoleCredentials.of(
            config,
            StaticCredentialsProvider.create(
                owner
                    .assuming("arn:aws:iam::" + AwsLocal.ACCOUNT + ":role/" + role)
                    .credentials()));
    denied.add(caller);
    return Optional.of(caller.own().ports().files());
  }

  @AfterEach
  void disconnectDenied() {
    denied.forEach(AwsRoleCredentials::close);
  }

  @Override
  protected String folder() {
    return bucket + "/files";
  }
}
