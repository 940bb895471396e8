package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import java.net.URI;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** DynamoDB Local for all tests of this JVM, or the DynamoDB of a live account, and its clients. */
public final class LocalDynamo {
  private static final AwsCredentialsProvider KEYS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAMESH", "secret"));

  private LocalDynamo() {}

  /** Returns the credentials of all clients. */
  static AwsCredentialsProvider credentials() {
    return AwsLiveAccount.current().map(AwsLiveAccount::credentials).orElse(KEYS);
  }

  /** Returns the endpoint; starts the server once. Aborts the test if its jars are missing. */
  static URI endpoint() {
    return AwsEmulator.dynamoDbLocal();
  }

  public static DynamoDbClient client(ExecutionInterceptor... interceptors) {
    return AwsLiveAccount.current()
        .map(live -> live.dynamoDb(interceptors))
        .orElseGet(() -> client(endpoint(), interceptors));
  }

  public static DynamoDbClient client(URI endpoint, ExecutionInterceptor... interceptors) {
    DynamoDbClientBuilder client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(KEYS);
    for (ExecutionInterceptor interceptor : interceptors) {
      client.overrideConfiguration(
          configuration -> configuration.addExecutionInterceptor(interceptor));
    }
    return client.build();
  }

  /** Creates an empty table and returns its name. */
  static String newTable(DynamoDbClient client) {
    String table =
        AwsLiveAccount.current()
            .map(AwsLiveAccount::newName)
            .orElseGet(() -> "mesh-" + UUID.randomUUID());
    DynamoTable.ensure(client, table);
    return table;
  }
}
