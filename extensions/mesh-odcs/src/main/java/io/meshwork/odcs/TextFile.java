package io.meshwork.odcs;

import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text with a limit. Stateless. */
final class TextFile {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  private TextFile() {}

  /**
   * Returns the text without a byte order mark.
   *
   * @param limit in bytes, whole mebibytes
   */
  static String read(Path file, int limit, OdcsErrors errors) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw errors.tooLarge(
            new YamlNode.SourcePosition(1, 1), "", "it is longer than " + (limit >> 20) + " MiB");
      }
      ByteBuffer encoded = ByteBuffer.wrap(bytes);
      CharBuffer text = CharBuffer.allocate(bytes.length);
      if (StandardCharsets.UTF_8.newDecoder().decode(encoded, text, true).isError()) {
        throw notUtf8(text.flip().toString(), errors);
      }
      String decoded = text.flip().toString();
      return decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
    } catch (IOException e) {
      throw errors.unreadable(e.getClass().getSimpleName());
    }
  }

  /** The error of a file whose text ends before a byte that is not UTF-8. */
  private static InvalidRequestException notUtf8(String before, OdcsErrors errors) {
    long line = 1 + before.chars().filter(c -> c == '\n').count();
    int column = before.length() - before.lastIndexOf('\n');
    return errors.unreadable(
        "line "
            + line
            + ", column "
            + column
            + ", "
            + (line == 1 && column == 1 ? "at the top" : "in the text")
            + ": it is not UTF-8");
  }
}
