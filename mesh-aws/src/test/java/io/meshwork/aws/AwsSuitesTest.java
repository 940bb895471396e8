package io.meshwork.aws;

import io.meshwork.conformance.MeshConformance;
import io.meshwork.testkit.TestBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The operations of a mesh whose registry is DynamoDB and whose files are S3. */
@Execution(ExecutionMode.CONCURRENT)
class AwsSuitesTest extends MeshConformance {
  private static DynamoDbClient dynamoDb;
  private static S3Client s3;
  private static String bucket;

  @BeforeAll
  static void connect() {
    dynamoDb = LocalDynamo.client();
    s3 = S3Local.client();
    bucket = S3Local.newBucket(s3);
  }

  @AfterAll
  static void disconnect() {
    if (s3 != null) { // null if the emulator is missing
      s3.close();
      dynamoDb.close();
    }
  }

  @Override
  protected TestBackend backend() {
    return new OnAws(dynamoDb, s3, bucket);
  }
}
