package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A registry in DynamoDB Local, and files in the folder of the test. */
final class OnDynamoDb implements TestBackend {
  private final DynamoDbClient client;
  private final Map<Path, String> tables = new ConcurrentHashMap<>();

  /** For {@code @MeshTest(on = OnDynamoDb.class)}. */
  OnDynamoDb() {
    this(LocalDynamo.client());
  }

  OnDynamoDb(DynamoDbClient client) {
    this.client = client;
  }

  @Override
  public Mesh.Builder newMesh(Path folder) {
    tables.put(folder, LocalDynamo.newTable(client));
    return over(folder, tables.get(folder));
  }

  @Override
  public Optional<Mesh.Builder> existingMesh(Path folder) {
    return Optional.ofNullable(tables.get(folder)).map(table -> over(folder, table));
  }

  @Override
  public Optional<String> placeOfData(Path folder, String name) {
    return Optional.of(folder.resolveSibling(folder.getFileName() + "-" + name).toString());
  }

  @Override
  public String displayName() {
    return "on DynamoDB";
  }

  private Mesh.Builder over(Path folder, String table) {
    return Mesh.builder(DynamoRegistry.over(client, table), new LocalFileIO(), folder.toString());
  }
}
