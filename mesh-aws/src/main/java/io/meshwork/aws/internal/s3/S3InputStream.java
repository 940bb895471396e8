package io.meshwork.aws.internal.s3;

import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads a file by ranges, from any position. Each request is complete when it returns, so no
 * connection stays open between two reads. Reads of many bytes request exactly these; small reads
 * request a window, which doubles while they follow each other. The end of a file whose length was
 * requested is not requested again. All ranges belong to one version of the file. Not thread-safe,
 * except {@link #readFully(long, byte[], int, int)} and {@link #readTail}, which do not use the
 * position.
 */
final class S3InputStream extends SeekableInputStream implements RangeReadable {
  private static final int FIRST_WINDOW = 256 << 10;
  private static final int MAX_WINDOW = 4 << 20;
  private static final byte[] EMPTY = new byte[0];

  private final S3Requests requests;
  private final S3Location file;
  private final Supplier<@Nullable S3Tail> knownTail;
  private volatile @Nullable String etag;

  /** The file's bytes from {@link #windowStart} on. */
  private byte[] window = EMPTY;

  private long windowStart;
  private int nextWindow = FIRST_WINDOW;
  private long position;

  /** The length of the file; negative until the first response. */
  private volatile long length = -1;

  private boolean closed;

  /**
   * Opens a file at its start.
   *
   * @param knownTail returns the last bytes of the file, or null while they are not known
   */
  S3InputStream(S3Requests requests, S3Location file, Supplier<@Nullable S3Tail> knownTail) {
    this.requests = requests;
    this.file = file;
    this.knownTail = knownTail;
  }

  @Override
  public long getPos() {
    return position;
  }

  /** Sets the position, which can be beyond the end; reading there returns the end of the file. */
  @Override
  public void seek(long target) throws IOException {
    if (target < 0) {
      throw new EOFException("Cannot seek to " + target + ", before the start of the file");
    }
    position = target;
  }

  @Override
  public int read() throws IOException {
    requireOpen();
    if (!isInWindow() && !fill()) {
      return -1;
    }
    return window[(int) (position++ - windowStart)] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    requireOpen();
    if (count == 0) {
      return 0;
    }
    if (!isInWindow()) {
      if (count >= nextWindow && !isInTail()) {
        return readDirectly(target, offset, count);
      }
      if (!fill()) {
        return -1;
      }
    }
    int start = (int) (position - windowStart);
    int copied = Math.min(count, window.length - start);
    System.arraycopy(window, start, target, offset, copied);
    position += copied;
    return copied;
  }

  @Override
  public long skip(long count) throws IOException {
    requireOpen();
    long end = position + Math.max(0, count);
    if (length < 0) {
      fill();
    }
    long skipped = Math.min(end, Math.max(position, Math.max(0, length))) - position;
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return isInWindow() ? (int) (windowStart + window.length - position) : 0;
  }

  @Override
  public void readFully(long start, byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    requireOpen();
    if (count == 0) {
      return;
    }
    S3Tail tail = tail();
    if (tail != null && tail.contains(start, count)) {
      System.arraycopy(tail.bytes(), (int) (start - tail.start()), target, offset, count);
      return;
    }
    byte[] bytes = request("bytes=" + start + "-" + (start + count - 1));
    if (bytes.length < count) {
      throw new EOFException(
          "The file ends before " + count + " bytes from " + start + " were read");
    }
    System.arraycopy(bytes, 0, target, offset, count);
  }

  @Override
  public int readTail(byte[] target, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, target.length);
    requireOpen();
    S3Tail tail = tail();
    if (tail != null && (count <= tail.bytes().length || tail.start() == 0)) {
      int copied = Math.min(count, tail.bytes().length);
      System.arraycopy(tail.bytes(), tail.bytes().length - copied, target, offset, copied);
      return copied;
    }
    byte[] bytes = count == 0 ? EMPTY : request("bytes=-" + count);
    System.arraycopy(bytes, 0, target, offset, bytes.length);
    return bytes.length;
  }

  @Override
  public void close() {
    closed = true;
    window = EMPTY;
  }

  private boolean isInWindow() {
    return position >= windowStart && position < windowStart + window.length;
  }

  private int readDirectly(byte[] target, int offset, int count) throws IOException {
    if (isAtEnd()) {
      return -1;
    }
    byte[] bytes = request("bytes=" + position + "-" + (position + count - 1));
    System.arraycopy(bytes, 0, target, offset, bytes.length);
    position += bytes.length;
    return bytes.length == 0 ? -1 : bytes.length;
  }

  /** Requests the window at the position; returns false at the end of the file. */
  private boolean fill() throws IOException {
    S3Tail tail = tail();
    if (isAtEnd()) {
      return false;
    }
    if (tail != null && position >= tail.start()) {
      window = tail.bytes();
      windowStart = tail.start();
      return true;
    }
    boolean follows = position == windowStart + window.length;
    nextWindow = follows && window.length > 0 ? Math.min(MAX_WINDOW, 2 * nextWindow) : FIRST_WINDOW;
    window = request("bytes=" + position + "-" + (position + nextWindow - 1));
    windowStart = position;
    return window.length > 0;
  }

  private boolean isInTail() {
    S3Tail tail = tail();
    return tail != null && position >= tail.start();
  }

  /** Returns the last bytes if they are known and belong to the version that is read. */
  private @Nullable S3Tail tail() {
    S3Tail tail = knownTail.get();
    String version = etag;
    if (tail == null || (version != null && !version.equals(tail.etag()))) {
      return null;
    }
    etag = tail.etag();
    length = tail.length();
    return tail;
  }

  private boolean isAtEnd() {
    return length >= 0 && position >= length;
  }

  private byte[] request(String range) throws IOException {
    Optional<ResponseBytes<GetObjectResponse>> response = requests.range(file, range, etag);
    if (response.isEmpty()) {
      return EMPTY;
    }
    GetObjectResponse head = response.get().response();
    etag = head.eTag();
    length = S3Requests.lengthOfFile(head);
    return response.get().asByteArrayUnsafe();
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("The stream of '" + file.withoutValues() + "' is closed");
    }
  }
}
