package io.meshwork.cli.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** About how many lines files of text have, by the length of their first lines. Stateless. */
final class LineEstimate {
  private static final int SAMPLE_BYTES = 1 << 18;

  /** How files begin that are not text: Parquet, Avro, gzip, and Zstandard. */
  private static final List<String> NO_TEXT =
      List.of("PAR1", "Obj\u0001", "\u001f\u008b", "\u0028\u00b5\u002f\u00fd");

  private LineEstimate() {}

  /** Returns the number of lines of all files; empty if one is not text, or cannot be read. */
  static OptionalLong of(Stream<Path> files) {
    long lines = 0;
    for (Path file : files.toList()) {
      try {
        lines += lines(file);
      } catch (IOException e) {
        return OptionalLong.empty(); // the publish says why
      }
    }
    return lines == 0 ? OptionalLong.empty() : OptionalLong.of(lines);
  }

  private static long lines(Path file) throws IOException {
    byte[] sample;
    try (InputStream in = Files.newInputStream(file)) {
      sample = in.readNBytes(SAMPLE_BYTES);
    }
    String text = new String(sample, StandardCharsets.ISO_8859_1);
    long lines = text.chars().filter(c -> c == '\n').count();
    if (lines == 0 || NO_TEXT.stream().anyMatch(text::startsWith)) {
      throw new IOException("not lines of text");
    }
    int length = text.lastIndexOf('\n') + 1;
    return Math.max(lines, Math.round((double) Files.size(file) * lines / length));
  }
}
