package io.meshwork.benchmarks.growth;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.internal.conformance.growth.RegistryMeter;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
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
 * Meshes whose registries are tables of DynamoDB Local, and whose files are in a temporary folder,
 * which {@link #close} deletes. Thread-safe.
 */
final class DynamoMeter implements RegistryMeter, AutoCloseable {
  /** What DynamoDB Local bears within minutes. */
  static final int SIZE = 300;

  private final SentRequests sent = new SentRequests();
  private final Path folder;
  private final DynamoDbClient client;

  DynamoMeter() throws IOException {
    client =
        DynamoDbClient.builder()
            .endpointOverride(AwsEmulator.dynamoDbLocal())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAMESH", "secret")))
            .overrideConfiguration(overrides -> overrides.addExecutionInterceptor(sent))
            .build();
    folder = Files.createTempDirectory("meshwork-growth-");
  }

  @Override
  public Mesh open() {
    String table = "growth-" + UUID.randomUUID();
    create(table);
    return Mesh.builder(
            DynamoRegistry.over(client, table), new LocalFileIO(), folder.resolve(table).toString())
        .open();
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
  public void close() throws IOException {
    client.close();
    List<Path> all;
    try (Stream<Path> paths = Files.walk(folder)) {
      all = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
