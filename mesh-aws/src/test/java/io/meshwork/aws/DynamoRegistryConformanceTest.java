package io.meshwork.aws;

import io.meshwork.conformance.RegistryConformance;
import io.meshwork.registry.Registry;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class DynamoRegistryConformanceTest extends RegistryConformance {
  private static DynamoDbClient client;
  private String table;

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
  protected Registry registry() {
    table = LocalDynamo.newTable(client);
    return DynamoRegistry.over(client, table);
  }

  @Override
  protected Optional<Address> address() {
    String endpoint =
        AwsLiveAccount.current().isPresent() ? "live" : LocalDynamo.endpoint().toString();
    return Optional.of(new Address(TableOpener.class, endpoint + " " + table));
  }

  static final class TableOpener implements Opener {
    @Override
    public Registry open(String location) {
      int space = location.indexOf(' ');
      String endpoint = location.substring(0, space);
      return DynamoRegistry.over(
          endpoint.equals("live") ? LocalDynamo.client() : LocalDynamo.client(URI.create(endpoint)),
          location.substring(space + 1));
    }
  }
}
