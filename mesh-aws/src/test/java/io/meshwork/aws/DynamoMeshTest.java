package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.testkit.MeshConformance;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A mesh with its registry in DynamoDB and local files passes the conformance suites. */
@Execution(ExecutionMode.CONCURRENT)
class DynamoMeshTest extends MeshConformance {
  private static DynamoDbClient client;

  @TempDir private Path folder;
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
  protected Mesh.Builder mesh() {
    table = LocalDynamo.newTable(client);
    return builder();
  }

  @Override
  protected Optional<Mesh.Builder> sameMesh() {
    return Optional.of(builder());
  }

  private Mesh.Builder builder() {
    return Mesh.over(
        DynamoRegistry.over(client, table), new LocalFileIO(), folder.resolve(table).toString());
  }
}
