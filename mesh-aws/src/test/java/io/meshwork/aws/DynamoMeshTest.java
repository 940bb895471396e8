package io.meshwork.aws;

import io.meshwork.conformance.MeshConformance;
import io.meshwork.testkit.TestBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The operations of a mesh whose registry is DynamoDB and whose files are local. */
@Execution(ExecutionMode.CONCURRENT)
class DynamoMeshTest extends MeshConformance {
  private static DynamoDbClient client;

  @BeforeAll
  static void connect() {
    client = LocalDynamo.client();
  }

  @AfterAll
  static void disconnect() {
    if (client != null) { // null if DynamoDB Local is missing
      client.close();
    }
  }

  @Override
  protected TestBackend backend() {
    return new OnDynamoDb(client);
  }
}
