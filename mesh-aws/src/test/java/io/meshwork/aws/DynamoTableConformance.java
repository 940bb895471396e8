package io.meshwork.aws;

import io.meshwork.conformance.RegistryConformance;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The registry in a table of DynamoDB, with the clients of a principal as an open mesh has them.
 * Subclasses connect once, before all tests.
 */
abstract class DynamoTableConformance extends RegistryConformance {
  private static DynamoDbClient client;
  private static AwsClients clients;
  private static AwsConfig place;
  private AwsConfig config;

  /** Connects to an endpoint, or to the live account. */
  static void connect(Optional<URI> endpoint) {
    place =
        endpoint
            .map(address -> AwsConfig.inRegion("eu-central-1").endpoint(address))
            .orElseGet(() -> AwsLiveAccount.current().orElseThrow().newMesh());
    client = endpoint.map(LocalDynamo::client).orElseGet(LocalDynamo::client);
    clients = new AwsClients(place);
  }

  @AfterAll
  static void disconnect() {
    if (client != null) { // null if DynamoDB is missing
      client.close();
      clients.close();
      client = null;
    }
  }

  @Override
  protected final Registry registry() {
    config =
        AwsLiveAccount.current()
            .map(AwsLiveAccount::newMesh)
            .orElseGet(
                () ->
                    place.mesh(
                        AwsLocal.ACCOUNT,
                        "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16)));
    DynamoTable.ensure(client, config.table());
    return new PrincipalClients(
            config,
            clients,
            AwsTimeouts.STANDARD,
            Principal.of(config.account(), "etl"),
            LocalDynamo.credentials(),
            LocalDynamo::credentials)
        .registry(TablePlace.ofDirectory(config));
  }

  @Override
  protected final Optional<Address> address() {
    return Optional.of(
        new Address(
            DynamoRegistryConformanceTest.TableOpener.class, endpoint() + " " + config.table()));
  }

  /** Returns the endpoint that another process connects to. */
  abstract String endpoint();
}
