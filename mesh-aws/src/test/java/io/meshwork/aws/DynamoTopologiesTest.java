package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.conformance.TopologyConformance;
import io.meshwork.internal.files.LocalFileIO;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Each catalog of a mesh has a table of its own. */
class DynamoTopologiesTest extends TopologyConformance {
  private static DynamoDbClient client;

  @TempDir private Path folder;
  private int opened;

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
    return Mesh.over(
            DynamoRegistry.over(client, LocalDynamo.newTable(client)),
            new LocalFileIO(),
            folder.resolve("mesh" + ++opened).toString())
        .catalogs(catalog -> DynamoRegistry.over(client, LocalDynamo.newTable(client)));
  }
}
