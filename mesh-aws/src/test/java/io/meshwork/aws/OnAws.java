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
  private final DynamoDbClient dynamoDb;
  private final S3Client s3;
  private final String bucket;
  private final Map<Path, Place> places = new ConcurrentHashMap<>();

  /** Where a mesh is. */
  private record Place(String table, String root) {}

  OnAws(DynamoDbClient dynamoDb, S3Client s3, String bucket) {
    this.dynamoDb = dynamoDb;
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public Mesh.Builder newMesh(Path folder) {
    Place place = new Place(LocalDynamo.newTable(dynamoDb), bucket + "/" + UUID.randomUUID());
    places.put(folder, place);
    return over(place);
  }

  @Override
  public Optional<Mesh.Builder> existingMesh(Path folder) {
    return Optional.ofNullable(places.get(folder)).map(this::over);
  }

  @Override
  public String displayName() {
    return "on AWS";
  }

  private Mesh.Builder over(Place place) {
    return Mesh.over(DynamoRegistry.over(dynamoDb, place.table()), S3Local.files(s3), place.root());
  }
}
