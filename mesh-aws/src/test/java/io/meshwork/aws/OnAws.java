package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.testkit.TestBackend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A registry in DynamoDB and files in S3, for suites whose principals are not roles of IAM. */
final class OnAws implements TestBackend {
  private static final int MAX_BUCKET_NAME = 63;

  private final DynamoDbClient dynamoDb;
  private final S3Client s3;
  private final String bucket;
  private final Map<Path, Stores> stores = new ConcurrentHashMap<>();
  private final Map<String, String> places = new ConcurrentHashMap<>();

  /** The table of the registry of a mesh, and the root of its files. */
  private record Stores(String table, String root) {}

  OnAws(DynamoDbClient dynamoDb, S3Client s3, String bucket) {
    this.dynamoDb = dynamoDb;
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public Mesh.Builder newMesh(Path folder) {
    Stores created = new Stores(LocalDynamo.newTable(dynamoDb), bucket + "/" + UUID.randomUUID());
    stores.put(folder, created);
    return over(created);
  }

  @Override
  public Optional<Mesh.Builder> existingMesh(Path folder) {
    return Optional.ofNullable(stores.get(folder)).map(this::over);
  }

  /** Another bucket; a name that is too long for a bucket is returned as it is. */
  @Override
  public Optional<String> placeOfData(Path folder, String name) {
    if (name.length() > MAX_BUCKET_NAME) {
      return Optional.of("s3://" + name);
    }
    return Optional.of(
        places.computeIfAbsent(folder + "/" + name, absent -> S3Local.newBucket(s3)));
  }

  @Override
  public String displayName() {
    return "on AWS";
  }

  private Mesh.Builder over(Stores mesh) {
    return Mesh.over(DynamoRegistry.over(dynamoDb, mesh.table()), S3Local.files(s3), mesh.root());
  }
}
