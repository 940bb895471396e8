package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.conformance.TopologyConformance;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.testkit.TestBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Meshes with one table for each catalog. */
class DynamoTopologiesTest extends TopologyConformance {
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
    return folder ->
        Mesh.builder(newRegistry(), new LocalFileIO(), folder.toString())
            .catalogs(catalog -> newRegistry());
  }

  private static DynamoRegistry newRegistry() {
    return DynamoRegistry.over(client, LocalDynamo.newTable(client));
  }
}
