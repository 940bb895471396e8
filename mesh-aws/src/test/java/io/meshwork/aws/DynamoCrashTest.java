package io.meshwork.aws;

import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.conformance.CrashConformance;
import io.meshwork.testkit.MeshPlace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Crashes of a process whose registry is DynamoDB. */
public class DynamoCrashTest extends CrashConformance {
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
  protected MeshPlace newPlace() {
    return MeshPlace.over(
        () -> LocalDynamo.newTable(client), table -> DynamoRegistry.over(client, table));
  }
}
