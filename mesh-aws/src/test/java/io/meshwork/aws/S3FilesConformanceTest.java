package io.meshwork.aws;

import io.meshwork.conformance.FileIOConformance;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.AfterAll;
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

  @Override
  protected FileIO fileIO() {
    return S3Local.files(client);
  }

  @Override
  protected String folder() {
    return bucket + "/files";
  }
}
