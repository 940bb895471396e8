package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.MeshAction.Verb;
import java.util.Optional;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The reads of files, with converted failures. Thread-safe. */
public record S3Requests(S3Client client, S3Failure failure) {
  private static final String GET = "s3:GetObject";
  private static final String FIRST_BYTE = "bytes=0-0";

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
      if (S3Failure.isMissing(e) || isAbsent(file, e)) {
        return Optional.empty();
      }
      throw S3Failure.statusOf(e) == S3Failure.BAD_REQUEST
          ? rejection(file, e)
          : failure.of(Verb.READ, file, GET, e);
    }
  }

  /**
   * Returns the exception for a HEAD that was rejected: its response has no error code, such as for
   * an expired token, so a read of one byte asks for the code. If that read is not rejected, the
   * reason no longer applies.
   */
  private RuntimeException rejection(S3Location file, RuntimeException response) {
    try {
      client.getObjectAsBytes(
          request -> request.bucket(file.bucket()).key(file.key()).range(FIRST_BYTE));
    } catch (RuntimeException e) {
      if (!S3Failure.isMissing(e) && S3Failure.statusOf(e) != S3Failure.RANGE_INVALID) {
        return failure.of(Verb.READ, file, GET, e);
      }
    }
    return failure.passing(Verb.READ, file, response);
  }

  /** Returns the length of the file that a response has a range of. */
  static long lengthOfFile(GetObjectResponse response) {
    String range = response.contentRange();
    return range == null
        ? response.contentLength()
        : Long.parseLong(range.substring(range.indexOf('/') + 1));
  }

  /**
   * Reads a range; empty if it starts after the end of the file.
   *
   * @param range such as {@code bytes=0-99} or {@code bytes=-8}
   * @param etag the expected version of the file, or null for any
   * @throws org.apache.iceberg.exceptions.NotFoundException if the file does not exist
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
      throw isAbsent(file, e)
          ? new NotFoundException(e, "File '%s' does not exist", file)
          : failure.of(Verb.READ, file, GET, e);
    }
  }

  /**
   * Returns true if a file does not exist whose read was denied. S3 denies the read of an object
   * that does not exist to a role that may list only some prefixes, so this lists the key.
   */
  private boolean isAbsent(S3Location file, RuntimeException denial) {
    if (!AwsFailure.isDenied(denial)) {
      return false;
    }
    try {
      return client
          .listObjectsV2(request -> request.bucket(file.bucket()).prefix(file.key()).maxKeys(1))
          .contents()
          .stream()
          .noneMatch(object -> object.key().equals(file.key()));
    } catch (RuntimeException e) {
      return false; // the denial of the read has the reason
    }
  }
}
