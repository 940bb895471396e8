package io.meshwork.aws;

import io.meshwork.conformance.RegistryConformance;
import io.meshwork.registry.Registry;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The registry in a table of DynamoDB. Subclasses connect once, before all tests. */
abstract class DynamoTableConformance extends RegistryConformance {
  static DynamoDbClient client;
  private String table;

  @AfterAll
  static void disconnect() {
    if (client != null) { // null if DynamoDB is missing
      client.close();
      client = null;
    }
  }

  @Override
  protected final Registry registry() {
    table = LocalDynamo.newTable(client);
    return DynamoRegistry.over(client, table);
  }

  @Override
  protected final Optional<Address> address() {
    return Optional.of(
        new Address(DynamoRegistryConformanceTest.TableOpener.class, endpoint() + " " + table));
  }

  /** Returns the endpoint that another process connects to. */
  abstract String endpoint();
}
