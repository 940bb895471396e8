package io.meshwork.internal.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a whole text in UTF-8, with or without a byte order mark, once, so that it may be a pipe.
 * Stateless.
 */
public final class TextFile {
  /** The limit where none is set. */
  public static final int NO_LIMIT = Integer.MAX_VALUE - 8;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /** The text is longer than its limit. */
  public static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The text is not UTF-8; UTF-16 with few other letters is known by its zeros. */
  public static final class NotUtf8Exception extends IOException {
    private static final long serialVersionUID = 1L;
    private final String before;

    private NotUtf8Exception(String before) {
      super("not UTF-8");
      this.before = before;
    }

    /** The line of the first wrong byte, from 1. */
    public int line() {
      return 1 + (int) before.chars().filter(c -> c == '\n').count();
    }

    /** The column of the first wrong byte, from 1. */
    public int column() {
      return before.length() - before.lastIndexOf('\n');
    }
  }

  /**
   * Returns the text of a file without a byte order mark.
   *
   * @param limit in bytes
   * @throws TooLongException if it is longer
   * @throws NotUtf8Exception if it is not UTF-8
   */
  public static String read(Path file, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, limit);
    }
  }

  /** Returns the text of a stream, which stays open, as {@link #read(Path, int)}. */
  public static String read(InputStream in, int limit) throws IOException {
    byte[] bytes = in.readNBytes(limit == NO_LIMIT ? limit : limit + 1);
    if (bytes.length > limit) {
      throw new TooLongException();
    }
    ByteBuffer encoded = ByteBuffer.wrap(bytes);
    CharBuffer decoded = CharBuffer.allocate(bytes.length);
    boolean damaged = StandardCharsets.UTF_8.newDecoder().decode(encoded, decoded, true).isError();
    String text = decoded.flip().toString();
    int zero = text.indexOf('\0');
    if (damaged || zero >= 0) {
      throw new NotUtf8Exception(zero < 0 ? text : text.substring(0, zero));
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }
}
