package io.meshwork.aws.internal.s3;

import java.util.Optional;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A file to read. Its length is requested once. Thread-safe. */
public final class S3InputFile implements InputFile {
  private final S3Requests requests;
  private final S3Location file;

  /** Negative until it is known. */
  private volatile long length;

  /** Null until the length was requested. */
  private volatile @Nullable S3Tail tail;

  public S3InputFile(S3Requests requests, String location, long length) {
    this.requests = requests;
    this.file = S3Location.parse(location);
    this.length = length;
  }

  /** Requests the length with the last bytes, which the streams then have. */
  @Override
  public long getLength() {
    if (length < 0) {
      S3Tail requested = S3Tail.read(requests, file);
      tail = requested;
      length = requested.length();
    }
    return length;
  }

  /** Opens the file; the first read requests it, unless the last bytes are known and enough. */
  @Override
  public SeekableInputStream newStream() {
    return new S3InputStream(requests, file, () -> tail);
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public boolean exists() {
    Optional<HeadObjectResponse> response = requests.head(file);
    response.ifPresent(head -> length = head.contentLength());
    return response.isPresent();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
