package io.meshwork.aws;

import static org.junit.jupiter.api.Assumptions.abort;

import io.meshwork.conformance.DynamoDbLocal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** DynamoDB Local for all tests of this JVM, and its clients. */
final class LocalDynamo {
  private static DynamoDbLocal server;

  private LocalDynamo() {}

  /** Returns the endpoint; starts the server once. Aborts the test if its jars are missing. */
  static synchronized URI endpoint() {
    if (server == null) {
      server = start();
    }
    return server.endpoint();
  }

  static DynamoDbClient client(ExecutionInterceptor... interceptors) {
    return client(endpoint(), interceptors);
  }

  static DynamoDbClient client(URI endpoint, ExecutionInterceptor... interceptors) {
    DynamoDbClientBuilder client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAMESH", "secret")));
    for (ExecutionInterceptor interceptor : interceptors) {
      client.overrideConfiguration(
          configuration -> configuration.addExecutionInterceptor(interceptor));
    }
    return client.build();
  }

  /** Creates an empty table and returns its name. */
  static String newTable(DynamoDbClient client) {
    String table = "mesh-" + UUID.randomUUID();
    DynamoTable.ensure(client, table);
    return table;
  }

  /** Returns the folder of DynamoDB Local's jars, which a CI build must have. */
  static Path jars() {
    Path jars =
        Path.of(System.getProperty("mesh.ddb.dir", "../verification/dynamodb-local/target/ddb"));
    if (!Files.isDirectory(jars) && System.getenv("CI") == null) {
      abort(
          "DynamoDB Local is missing: '"
              + jars
              + "' does not exist. Run Maven from the root, with the module dynamodb-local.");
    }
    return jars;
  }

  private static DynamoDbLocal start() {
    try {
      return DynamoDbLocal.start(jars());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
