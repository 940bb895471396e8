package io.meshwork.internal.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip of one or more members, as RFC 1952 specifies it. The JDK's stream takes a
 * damaged or cut header of a later member for the end of the file; here it is an error. Zeros after
 * the last member are padding. Not thread-safe.
 */
final class GzipInput extends InputStream {
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int BEFORE_EXTRA = 6;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final CRC32 header = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int position;
  private int limit;
  private boolean ended;

  /** Reads the header of the first member. */
  GzipInput(InputStream in) throws IOException {
    this.in = in;
    beginMember(next());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        checksum.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        endMember();
      } else if (!inflater.needsInput() || !fill()) {
        throw new EOFException("the compressed data is not complete");
      } else {
        inflater.setInput(buffer, 0, limit);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw (IOException) new ZipException("the compressed data is damaged").initCause(e);
    }
  }

  private void beginMember(int first) throws IOException {
    header.reset();
    header.update(first);
    if (first != 0x1f || next() != 0x8b || next() != 8) {
      throw new ZipException("it is not a member of gzip");
    }
    int flags = next();
    if ((flags & RESERVED) != 0) {
      throw new ZipException("the header of a member has unknown flags");
    }
    drop(BEFORE_EXTRA);
    if ((flags & EXTRA) != 0) {
      drop(number(2));
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    long expected = header.getValue() & 0xffff;
    if ((flags & HEADER_CHECKSUM) != 0 && number(2) != expected) {
      throw new ZipException("the header of a member is damaged");
    }
    checksum.reset();
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
  }

  private void endMember() throws IOException {
    position = limit - inflater.getRemaining();
    if (number(4) != checksum.getValue()
        || number(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw new ZipException("the content of a member is damaged");
    }
    int first = nextOrEnd();
    if (first > 0) {
      beginMember(first);
      return;
    }
    for (int padding = first; padding >= 0; padding = nextOrEnd()) {
      if (padding != 0) {
        throw new ZipException("text follows the last member");
      }
    }
    ended = true;
  }

  private void drop(long bytes) throws IOException {
    for (long i = 0; i < bytes; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    while (next() != 0) {
      // The name and the comment of a member end with a zero.
    }
  }

  /** Reads a number of so many bytes, the lowest first. */
  private long number(int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (long) next() << (8 * i);
    }
    return number;
  }

  private int next() throws IOException {
    int next = nextOrEnd();
    if (next < 0) {
      throw new EOFException("a member of gzip is not complete");
    }
    header.update(next);
    return next;
  }

  private int nextOrEnd() throws IOException {
    return position < limit || fill() ? buffer[position++] & 0xff : -1;
  }

  /** Reads the next bytes; returns false at the end of the file. */
  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
