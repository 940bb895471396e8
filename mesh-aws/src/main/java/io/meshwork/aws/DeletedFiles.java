package io.meshwork.aws;

import io.meshwork.aws.internal.s3.S3Failure;
import io.meshwork.aws.internal.s3.S3Location;
import io.meshwork.error.MeshAction.Verb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * The deleted objects of one bucket whose versions still exist. Restoring one removes its delete
 * marker, so its newest version is current again. A marker without a version restores nothing. Not
 * thread-safe.
 */
final class DeletedFiles {
  private final S3Client client;
  private final S3Failure failure;
  private final S3Location bucket;

  /** The versions of the markers by key. Each time that an object is deleted adds one. */
  private final Map<String, List<String>> markers = new HashMap<>();

  /** The same of objects of which no version was listed yet. */
  private final Map<String, List<String>> withoutVersion = new HashMap<>();

  private DeletedFiles(S3Client client, S3Failure failure, S3Location bucket) {
    this.client = client;
    this.failure = failure;
    this.bucket = bucket;
  }

  /**
   * Lists the deleted objects of a bucket.
   *
   * @throws io.meshwork.error.BackendException if S3 denies it or cannot be reached
   */
  static DeletedFiles of(S3Client client, S3Failure failure, String bucketName) {
    S3Location bucket = new S3Location(bucketName, "");
    DeletedFiles deleted = new DeletedFiles(client, failure, bucket);
    try {
      client
          .listObjectVersionsPaginator(request -> request.bucket(bucketName))
          .forEach(deleted::add);
    } catch (RuntimeException e) {
      throw failure.ofBucket(Verb.LIST, bucket, "s3:ListBucketVersions", e);
    }
    return deleted;
  }

  /** A page may end between the marker of a key and its versions. */
  private void add(ListObjectVersionsResponse page) {
    for (DeleteMarkerEntry marker : page.deleteMarkers()) {
      if (marker.isLatest()) {
        withoutVersion.put(marker.key(), new ArrayList<>());
      }
      List<String> deletions = withoutVersion.get(marker.key());
      if (deletions != null) {
        deletions.add(marker.versionId());
      }
    }
    for (ObjectVersion version : page.versions()) {
      List<String> deletions = withoutVersion.remove(version.key());
      if (deletions != null) {
        markers.put(version.key(), deletions);
      }
    }
    withoutVersion.keySet().removeIf(key -> !key.equals(page.nextKeyMarker()));
  }

  /** Returns true for a location in this bucket. */
  boolean contains(S3Location file) {
    return file.bucket().equals(bucket.bucket());
  }

  /**
   * Restores an object if it was deleted.
   *
   * @return true if it was restored
   * @throws io.meshwork.error.BackendException if S3 denies it or cannot be reached
   */
  boolean restore(S3Location file) {
    if (!contains(file)) {
      return false;
    }
    List<String> versions = markers.remove(file.key());
    if (versions == null) {
      return false;
    }
    try {
      for (String version : versions) {
        client.deleteObject(
            request -> request.bucket(file.bucket()).key(file.key()).versionId(version));
      }
    } catch (RuntimeException e) {
      throw failure.of(Verb.WRITE, file, "s3:DeleteObjectVersion", e);
    }
    return true;
  }
}
