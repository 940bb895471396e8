package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A backend for tests of jobs: a registry in DynamoDB Local, files in the test's folder. */
final class OnDynamoDb implements TestBackend {
  private final DynamoDbClient client = LocalDynamo.client();

  @Override
  public Mesh.Builder newMesh(Path folder) {
    return Mesh.over(
        DynamoRegistry.over(client, LocalDynamo.newTable(client)),
        new LocalFileIO(),
        folder.toString());
  }

  @Override
  public String displayName() {
    return "on DynamoDB";
  }
}
