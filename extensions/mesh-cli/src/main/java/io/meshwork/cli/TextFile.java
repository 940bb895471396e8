package io.meshwork.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A whole text in UTF-8, with or without a byte order mark. Stateless. */
final class TextFile {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * Returns the text of a file, without a byte order mark.
   *
   * @throws UsageException if it cannot be read, or is not UTF-8
   */
  static String read(Path file) {
    return read(file.toString(), file);
  }

  /**
   * Returns the text of what a user names.
   *
   * @param in standard input, for the name {@code -}
   */
  static String read(String name, InputStream in) {
    if (InputFile.isStandardInput(name)) {
      return text(name, in::readAllBytes);
    }
    try (InputFile file = InputFile.of(name, 1, in)) {
      return read(name, file.path());
    }
  }

  private static String read(String name, Path file) {
    return text(name, () -> Files.readAllBytes(file));
  }

  /** The bytes of a file or of standard input. */
  private interface Source {
    byte[] read() throws IOException;
  }

  private static String text(String name, Source source) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source.read())).toString();
      if (text.indexOf('\0') >= 0) {
        throw notUtf8(name);
      }
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new UsageException("Cannot read " + name + ". Does the file exist?");
    } catch (CharacterCodingException e) {
      throw notUtf8(name);
    } catch (IOException e) {
      throw new UsageException("Cannot read " + name + ": " + e + ".");
    }
  }

  private static UsageException notUtf8(String name) {
    return new UsageException(
        "File "
            + name
            + " is not UTF-8. Save it as UTF-8; in Windows PowerShell 5, > writes UTF-16.");
  }
}
