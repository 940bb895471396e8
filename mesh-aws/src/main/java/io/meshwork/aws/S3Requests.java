package io.meshwork.aws;

import io.meshwork.error.MeshAction.Verb;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The reads of files, with converted failures. Thread-safe. */
record S3Requests(S3Client client, S3Failure failure) {
  private static final String GET = "s3:GetObject";

  /**
   * Returns length and metadata of a file; empty if it does not exist.
   *
   * @throws io.meshwork.error.BackendException if S3 cannot answer
   */
  Optional<HeadObjectResponse> head(S3Location file) {
    try {
      return Optional.of(
          client.headObject(request -> request.bucket(file.bucket()).key(file.key())));
    } catch (RuntimeException e) {
      if (S3Failure.isMissing(e)) {
        return Optional.empty();
      }
      throw failure.of(Verb.READ, file, GET, e);
    }
  }

  /**
   * Reads a range; empty if it starts after the end of the file.
   *
   * @param range such as {@code bytes=0-99} or {@code bytes=-8}
   * @param etag the expected version of the file, or null for any
   * @throws org.apache.iceberg.exceptions.NotFoundException if there is no such file
   */
  Optional<ResponseBytes<GetObjectResponse>> range(
      S3Location file, String range, @Nullable String etag) {
    try {
      return Optional.of(
          client.getObjectAsBytes(
              request -> request.bucket(file.bucket()).key(file.key()).range(range).ifMatch(etag)));
    } catch (RuntimeException e) {
      if (S3Failure.statusOf(e) == S3Failure.RANGE_INVALID) {
        return Optional.empty();
      }
      throw failure.of(Verb.READ, file, GET, e);
    }
  }
}
