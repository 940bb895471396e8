package io.meshwork.aws;

import io.meshwork.conformance.FileIOConformance;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.s3.S3Client;

/** Files on the emulator's S3. */
class S3FilesConformanceTest extends FileIOConformance {
  private static S3Client client;

  @BeforeAll
  static void connect() {
    client = S3Local.client();
  }

  @AfterAll
  static void disconnect() {
    if (client != null) { // null if the emulator is missing
      client.close();
    }
  }

  private final String bucket = S3Local.newBucket(client);
  private S3Client denied;

  @Override
  protected FileIO fileIO() {
    return S3Local.files(client);
  }

  /** Returns the files of a role without permissions on the bucket. */
  @Override
  protected Optional<FileIO> deniedFileIO() {
    String role = "denied-" + UUID.randomUUID();
    EmulatedClients administrator =
        EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT);
    administrator.createRole(role, Policies.trust(AwsLocal.ACCOUNT));
    administrator.putRolePolicy(role, Policies.allow("s3:GetObject", "arn:aws:s3:::other/*"));
    denied = administrator.assuming("arn:aws:iam::" + AwsLocal.ACCOUNT + ":role/" + role).s3();
    return Optional.of(S3Local.files(denied));
  }

  @AfterEach
  void disconnectDenied() {
    if (denied != null) { // null in all tests but one
      denied.close();
    }
  }

  @Override
  protected String folder() {
    return bucket + "/files";
  }
}
