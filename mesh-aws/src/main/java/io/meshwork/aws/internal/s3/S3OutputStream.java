package io.meshwork.aws.internal.s3;

import io.meshwork.internal.files.AbortableOutput;
import java.io.IOException;
import java.util.Objects;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Writes a file: in one request if it is small, otherwise in parts. The file is visible after
 * {@link #close()}, unless a write failed. Not thread-safe.
 */
public final class S3OutputStream extends PositionOutputStream implements AbortableOutput {
  /** S3 accepts 10,000 parts, so a file may have 156 GiB. */
  public static final int PART_BYTES = 16 << 20;

  private final S3Upload upload;
  private final PartBuffer part = new PartBuffer();
  private long written;
  private boolean closed;
  private boolean failed;

  S3OutputStream(S3Upload upload) {
    this.upload = upload;
  }

  @Override
  public long getPos() {
    return written;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, source.length);
    if (closed || failed) {
      throw new IOException(upload.describe() + " is closed, or a write failed");
    }
    for (int done = 0; done < count; ) {
      int length = Math.min(count - done, PART_BYTES - part.size());
      append(source, offset + done, length);
      done += length;
    }
    written += count;
  }

  /** Does nothing: S3 stores whole parts. */
  @Override
  public void flush() {}

  /**
   * Creates the file.
   *
   * @throws IOException if an earlier write failed; the file was not created
   * @throws org.apache.iceberg.exceptions.AlreadyExistsException if the file exists
   * @throws io.meshwork.error.BackendException if S3 failed
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (part) {
      if (failed) {
        throw new IOException(upload.describe() + " was not created, because a write failed");
      }
      upload.complete(part);
    }
  }

  @Override
  public void abort() throws IOException {
    if (!closed && !failed) {
      failed = true;
      upload.abort();
      part.close();
    }
  }

  private void append(byte[] source, int offset, int length) throws IOException {
    boolean done = false;
    try {
      part.write(source, offset, length);
      if (part.size() == PART_BYTES) {
        upload.add(part);
        part.clear();
      }
      done = true;
    } finally {
      if (!done) {
        abort();
      }
    }
  }
}
