package io.meshwork.testkit.aws.internal.s3;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The content of a body in the encoding aws-chunked: chunks with their sizes, followed by trailers.
 * Not thread-safe.
 */
final class AwsChunkedInput extends InputStream {
  private static final int HEXADECIMAL = 16;

  private final InputStream encoded;
  private final Map<String, String> trailers = new TreeMap<>();
  private long remaining;
  private boolean ended;

  AwsChunkedInput(InputStream encoded) {
    this.encoded = new BufferedInputStream(encoded);
  }

  /** Returns the trailers by lower-case name, after the content was read. */
  Map<String, String> trailers() {
    return Map.copyOf(trailers);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int read = encoded.read(buffer, offset, (int) Math.min(remaining, length));
    if (read < 0) {
      throw new EOFException("a chunk ends early");
    }
    remaining -= read;
    if (remaining == 0) {
      line();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    encoded.close();
  }

  private void nextChunk() throws IOException {
    String size = line().split(";", -1)[0].strip();
    try {
      remaining = Long.parseLong(size, HEXADECIMAL);
    } catch (NumberFormatException e) {
      throw new IOException("the size of a chunk is '" + size + "'", e);
    }
    if (remaining == 0) {
      ended = true;
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          trailers.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
      }
    }
  }

  /** Returns the next line without its end; empty at the end of the body. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = encoded.read(); next >= 0 && next != '\n'; next = encoded.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }
}
