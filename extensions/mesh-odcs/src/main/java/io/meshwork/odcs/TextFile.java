package io.meshwork.odcs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file of text with a limit. Stateless. */
final class TextFile {
  private static final char BYTE_ORDER_MARK = '\ufeff';

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
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw errors.unreadable("line 1, column 1, at the top: it is not UTF-8");
    } catch (IOException e) {
      throw errors.unreadable(e.getClass().getSimpleName());
    }
  }
}
