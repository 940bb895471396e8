package io.meshwork.testkit;

import java.io.EOFException;
import java.util.Objects;
import org.apache.iceberg.io.SeekableInputStream;

/** Reads an array as a file. Used by one thread. */
final class MemoryInputStream extends SeekableInputStream {
  private final byte[] content;
  private long position;

  MemoryInputStream(byte[] content) {
    this.content = content;
  }

  @Override
  public long getPos() {
    return position;
  }

  @Override
  public void seek(long target) throws EOFException {
    if (target < 0) {
      throw new EOFException("Cannot seek to " + target + ", before the start of the file");
    }
    position = target;
  }

  @Override
  public int read() {
    return position < content.length ? content[(int) position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = Math.min(length, available());
    if (count == 0) {
      return -1;
    }
    System.arraycopy(content, (int) position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, available()));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.max(0, content.length - position);
  }
}
