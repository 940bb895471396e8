package io.meshwork.aws;

import io.meshwork.conformance.RegistryConformance;
import io.meshwork.registry.Registry;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The registry as a mesh on AWS reaches it: through the endpoint of the emulator. */
@Tag("nightly")
class AwsRegistryConformanceTest extends RegistryConformance {
  private static DynamoDbClient client;
  private String table;

  @BeforeAll
  static void connect() {
    client = LocalDynamo.client(AwsLocal.emulator().endpoint());
  }

  @AfterAll
  static void disconnect() {
    if (client != null) { // null if the emulator is missing
      client.close();
    }
  }

  @Override
  protected Registry registry() {
    table = LocalDynamo.newTable(client);
    return DynamoRegistry.over(client, table);
  }

  @Override
  protected Optional<Address> address() {
    return Optional.of(
        new Address(
            DynamoRegistryConformanceTest.TableOpener.class,
            AwsLocal.emulator().endpoint() + " " + table));
  }
}
