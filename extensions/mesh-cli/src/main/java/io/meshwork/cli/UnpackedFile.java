package io.meshwork.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** A file of text that is packed with gzip, unpacked while it is read. */
final class UnpackedFile {
  private static final String PACKED = ".gz";
  private static final List<String> TEXTS = List.of(".csv", ".tsv", ".json", ".jsonl", ".ndjson");

  private UnpackedFile() {}

  /**
   * Reads a file, or a copy that is unpacked, has the name without {@code .gz}, and is deleted
   * again.
   *
   * @throws UsageException if it cannot be unpacked
   */
  static <T> T read(Path file, Function<Path, T> reader) {
    String name = String.valueOf(file.getFileName());
    if (!isPackedText(name)) {
      return reader.apply(file);
    }
    try {
      Path folder = Files.createTempDirectory("mesh-");
      Path copy = folder.resolve(name.substring(0, name.length() - PACKED.length()));
      try {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          Files.copy(in, copy);
        }
        return reader.apply(copy);
      } finally {
        Files.deleteIfExists(copy);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UsageException(
          "Cannot unpack " + file + ": " + e + ". Does it exist, and is it a file of gzip?");
    }
  }

  private static boolean isPackedText(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return TEXTS.stream().anyMatch(ending -> lower.endsWith(ending + PACKED));
  }
}
