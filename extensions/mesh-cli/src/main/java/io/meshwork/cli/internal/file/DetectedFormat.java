package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * The format of rows that have no file name, by their first bytes.
 *
 * @param format the format
 * @param text how a sentence names it, such as {@code CSV in gzip}
 */
public record DetectedFormat(FileFormat format, String text) {
  private static final int HEAD_BYTES = 1 << 12;
  private static final String PARQUET = "PAR1";
  private static final String AVRO = "Obj\u0001";

  /** Marks of encodings, and spaces. UTF-16 has a zero in each character of ASCII. */
  private static final Pattern BEFORE_TEXT =
      Pattern.compile("\\A(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?[\\s\u0000]*");

  private static final Pattern UTF_16 = Pattern.compile("\\A(?:\u00ff\u00fe|\u00fe\u00ff)");

  /** How other files begin that are not text: ORC, zip as of spreadsheets, Zstandard, and PDF. */
  private static final List<String> OTHERS =
      List.of("ORC", "PK\u0003\u0004", "\u0028\u00b5\u002f\u00fd", "%PDF");

  /**
   * Reads the start of a copy.
   *
   * @param source what was copied, as messages name it
   * @throws UsageException if it is neither text, nor Parquet, nor Avro
   */
  static DetectedFormat of(Path copy, String source) {
    try {
      boolean packed = head(Files.newInputStream(copy)).startsWith("\u001f\u008b");
      InputStream stored = Files.newInputStream(copy);
      DetectedFormat detected = of(head(packed ? new GZIPInputStream(stored) : stored), source);
      return packed ? new DetectedFormat(detected.format, detected.text + " in gzip") : detected;
    } catch (IOException e) {
      throw new UsageException("Cannot read " + source + ": " + e.getMessage() + ".");
    }
  }

  private static DetectedFormat of(String head, String source) {
    if (isParquet(head)) {
      return new DetectedFormat(FileFormat.parquet(), "Parquet");
    } else if (head.startsWith(AVRO)) {
      return new DetectedFormat(FileFormat.avro(), "Avro");
    }
    boolean isText = head.indexOf('\0') < 0 || UTF_16.matcher(head).find();
    if (!isText || OTHERS.stream().anyMatch(head::startsWith)) {
      throw new UsageException(
          "The first bytes of "
              + source
              + " are not CSV, JSON, Avro, or Parquet. Nothing was changed. Convert it, or"
              + " add --format if it is one of them.");
    }
    String text = BEFORE_TEXT.matcher(head).replaceFirst("");
    return text.startsWith("{") || text.startsWith("[")
        ? new DetectedFormat(FileFormat.jsonLines(), "JSON")
        : new DetectedFormat(FileFormat.csv(), "CSV");
  }

  /** True for the copy of a Parquet file. */
  static boolean isParquet(Path copy) throws IOException {
    return isParquet(head(Files.newInputStream(copy)));
  }

  private static boolean isParquet(String head) {
    return head.startsWith(PARQUET);
  }

  private static String head(InputStream content) throws IOException {
    try (InputStream in = content) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
    }
  }
}
