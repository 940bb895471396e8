package io.meshwork.aws.internal.s3;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The length of a file and its last bytes, which are the whole file if it is small. One request
 * returns both, and readers that ask for the length of a file then read its end. Immutable.
 */
final class S3Tail {
  private static final int BYTES = 256 << 10;

  private final byte[] bytes;
  private final long length;
  private final @Nullable String etag;

  private S3Tail(byte[] bytes, long length, @Nullable String etag) {
    this.bytes = bytes;
    this.length = length;
    this.etag = etag;
  }

  /**
   * Requests the last bytes of a file.
   *
   * @throws org.apache.iceberg.exceptions.NotFoundException if the file does not exist
   * @throws io.meshwork.error.BackendException if S3 cannot answer
   */
  static S3Tail read(S3Requests requests, S3Location file) {
    Optional<ResponseBytes<GetObjectResponse>> response =
        requests.range(file, "bytes=-" + BYTES, null);
    if (response.isEmpty()) {
      return new S3Tail(new byte[0], 0, null); // an empty file has no range
    }
    GetObjectResponse head = response.get().response();
    return new S3Tail(
        response.get().asByteArrayUnsafe(), S3Requests.lengthOfFile(head), head.eTag());
  }

  /** Returns the last bytes, which callers do not change. */
  byte[] bytes() {
    return bytes;
  }

  /** Returns the position of the first of the {@link #bytes}. */
  long start() {
    return length - bytes.length;
  }

  /** Returns the length of the file. */
  long length() {
    return length;
  }

  /** Returns the version of the file; null if it is empty. */
  @Nullable String etag() {
    return etag;
  }

  /** Returns true if a range of the file is among the {@link #bytes}. */
  boolean contains(long from, int count) {
    return from >= start() && from + count <= length;
  }
}
