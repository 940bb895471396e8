package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.conformance.MeshConformance;
import io.meshwork.internal.files.LocalFileIO;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A mesh whose registry is DynamoDB and whose files are local means the same as any other. */
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
    client.close();
  }

  @Override
  protected MeshBuilder mesh() {
    table = LocalDynamo.newTable(client);
    return over();
  }

  @Override
  protected Optional<MeshBuilder> sameMesh() {
    return Optional.of(over());
  }

  private MeshBuilder over() {
    return Mesh.over(
        DynamoRegistry.over(client, table), new LocalFileIO(), folder.resolve(table).toString());
  }
}
