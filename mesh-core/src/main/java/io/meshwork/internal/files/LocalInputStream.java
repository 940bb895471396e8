package io.meshwork.internal.files;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * Reads a file through a buffer, from any position. Not thread-safe, except {@link #readFully(long,
 * byte[], int, int)} and {@link #readTail}, which do not use the position.
 */
final class LocalInputStream extends SeekableInputStream implements RangeReadable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final FileChannel channel;

  /** Contains the file's bytes from {@link #bufferStart} up to its limit. */
  private final ByteBuffer buffer;

  private long bufferStart;

  LocalInputStream(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.READ);
    int capacity;
    try {
      capacity = (int) Math.max(1, Math.min(BUFFER_BYTES, channel.size())); // most files are small
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    buffer = ByteBuffer.allocate(capacity).limit(0);
  }

  @Override
  public long getPos() {
    return bufferStart + buffer.position();
  }

  /** Sets the position, which can be beyond the end; reading there returns the end of the file. */
  @Override
  public void seek(long position) throws IOException {
    if (position < 0) {
      throw new EOFException("Cannot seek to " + position + ", before the start of the file");
    }
    long inBuffer = position - bufferStart;
    if (inBuffer >= 0 && inBuffer <= buffer.limit()) {
      buffer.position((int) inBuffer);
    } else {
      bufferStart = position;
      buffer.limit(0);
    }
  }

  @Override
  public int read() throws IOException {
    return buffer.hasRemaining() || fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!buffer.hasRemaining()) {
      if (length >= BUFFER_BYTES) {
        return readDirectly(target, offset, length);
      }
      if (!fill()) {
        return -1;
      }
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(target, offset, count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long target = Math.min(Math.max(getPos(), channel.size()), getPos() + Math.max(0, count));
    long skipped = target - getPos();
    seek(target);
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, channel.size() - getPos()));
  }

  @Override
  public void readFully(long position, byte[] target, int offset, int length) throws IOException {
    ByteBuffer remaining = ByteBuffer.wrap(target, offset, length);
    while (remaining.hasRemaining()) {
      if (channel.read(remaining, position + length - remaining.remaining()) < 0) {
        throw new EOFException(
            "The file ends at "
                + channel.size()
                + ", before "
                + length
                + " bytes from "
                + position
                + " were read");
      }
    }
  }

  @Override
  public int readTail(byte[] target, int offset, int length) throws IOException {
    int count = (int) Math.min(length, channel.size());
    readFully(channel.size() - count, target, offset, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private int readDirectly(byte[] target, int offset, int length) throws IOException {
    long position = getPos();
    int count = channel.read(ByteBuffer.wrap(target, offset, length), position);
    if (count > 0) {
      seek(position + count);
    }
    return count;
  }

  private boolean fill() throws IOException {
    bufferStart = getPos();
    buffer.clear();
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, bufferStart + buffer.position()) < 0) {
          break;
        }
      }
    } finally {
      buffer.flip();
    }
    return buffer.hasRemaining();
  }
}
