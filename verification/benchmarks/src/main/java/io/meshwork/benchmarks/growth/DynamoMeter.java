package io.meshwork.benchmarks.growth;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.internal.conformance.growth.RegistryMeter;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Meshes in memory whose registries become tables of DynamoDB Local once they have their size. For
 * one thread.
 */
final class DynamoMeter implements RegistryMeter, AutoCloseable {
  /** The default size of a dimension: larger ones take hours on DynamoDB Local. */
  static final int SIZE = 300;

  private final SentRequests sent = new SentRequests();
  private final DynamoDbClient client;
  private @Nullable MovedRegistry opened;

  DynamoMeter() {
    client =
        DynamoDbClient.builder()
            .endpointOverride(AwsEmulator.dynamoDbLocal())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAMESH", "secret")))
            .overrideConfiguration(overrides -> overrides.addExecutionInterceptor(sent))
            .build();
  }

  @Override
  public Mesh open() {
    String table = "growth-" + UUID.randomUUID();
    create(table);
    return InMemoryMesh.builder()
        .testing()
        .wrapRegistry(memory -> opened = new MovedRegistry(memory, client, table, sent))
        .open();
  }

  @Override
  public void move() {
    Objects.requireNonNull(opened).move();
  }

  private void create(String table) {
    client.createTable(
        request ->
            request
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                    attribute(DynamoRequests.PARTITION), attribute(DynamoRequests.SORT))
                .keySchema(
                    key(DynamoRequests.PARTITION, KeyType.HASH),
                    key(DynamoRequests.SORT, KeyType.RANGE)));
  }

  private static AttributeDefinition attribute(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  @Override
  public int requests() {
    return sent.requests();
  }

  @Override
  public int largestItem() {
    return sent.largestItem();
  }

  @Override
  public int largestTransaction() {
    return sent.largestTransaction();
  }

  @Override
  public void close() {
    client.close();
  }
}
