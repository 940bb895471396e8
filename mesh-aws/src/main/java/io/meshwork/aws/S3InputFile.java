package io.meshwork.aws;

import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** A file to read. Its length is requested once. Thread-safe. */
final class S3InputFile implements InputFile {
  private final S3Requests requests;
  private final S3Location file;

  /** Negative until it is known. */
  private volatile long length;

  S3InputFile(S3Requests requests, String location, long length) {
    this.requests = requests;
    this.file = S3Location.parse(location);
    this.length = length;
  }

  @Override
  public long getLength() {
    if (length < 0) {
      length =
          requests
              .head(file)
              .map(HeadObjectResponse::contentLength)
              .orElseThrow(() -> new NotFoundException("File '%s' does not exist", file));
    }
    return length;
  }

  /** Opens the file; the first read requests it. */
  @Override
  public SeekableInputStream newStream() {
    return new S3InputStream(requests, file);
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public boolean exists() {
    return requests.head(file).isPresent();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
