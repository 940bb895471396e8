package io.meshwork.aws.internal.s3;

import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A file to write. Thread-safe. */
public final class S3OutputFile implements OutputFile {
  private final S3Requests requests;
  private final S3Location file;

  public S3OutputFile(S3Requests requests, String location) {
    this.requests = requests;
    this.file = S3Location.parse(location);
  }

  /** Creates the file when the stream is closed, which fails if the file exists then. */
  @Override
  public PositionOutputStream create() {
    return new S3OutputStream(new S3Upload(requests, file, false));
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new S3OutputStream(new S3Upload(requests, file, true));
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public InputFile toInputFile() {
    return new S3InputFile(requests, file.toString(), -1);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
