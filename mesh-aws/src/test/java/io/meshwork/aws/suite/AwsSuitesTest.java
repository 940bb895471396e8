package io.meshwork.aws.suite;

import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.OnAws;
import io.meshwork.aws.S3Local;
import io.meshwork.conformance.MeshConformance;
import io.meshwork.testkit.TestBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/** The operations of a mesh with the bucket, the table, and the clients that its users have. */
@Execution(ExecutionMode.CONCURRENT)
class AwsSuitesTest extends MeshConformance {
  private static AwsCredentialsProvider admin;
  private static AwsCredentialsProvider role;
  private static S3Client s3;

  @BeforeAll
  static void connect() {
    admin = AwsLocal.role("admin");
    role = AwsLocal.role("etl");
    s3 = S3Local.client();
  }

  @AfterAll
  static void disconnect() {
    if (s3 != null) { // null if the emulator is missing
      s3.close();
    }
  }

  @Override
  protected TestBackend backend() {
    return new OnAws(admin, role, s3, false);
  }
}
