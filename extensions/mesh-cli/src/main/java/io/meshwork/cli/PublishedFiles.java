package io.meshwork.cli;

import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files to publish; {@code -} is standard input, which is kept in a file until the end. */
final class PublishedFiles implements AutoCloseable {
  private static final String STANDARD_INPUT = "-";

  private final List<Path> files;
  private final Optional<FileFormat> format;
  private final List<Path> temporary = new ArrayList<>();

  private PublishedFiles(List<Path> files, Optional<FileFormat> format) {
    this.files = files;
    this.format = format;
  }

  /**
   * Checks that the files are there.
   *
   * @param names the files, or {@code -} alone
   * @param format the format; null if the names of the files show it
   * @param in standard input
   */
  static PublishedFiles of(List<String> names, @Nullable String format, InputStream in) {
    PublishedFiles published =
        new PublishedFiles(
            new ArrayList<>(), Optional.ofNullable(format).map(PublishedFiles::format));
    for (String name : names) {
      if (name.equals(STANDARD_INPUT)) {
        if (format == null || names.size() > 1) {
          throw new UsageException("Standard input is the only file, and needs --format.");
        }
        published.copy(in);
      } else {
        published.files.add(readable(name));
      }
    }
    return published;
  }

  private static Path readable(String name) {
    try {
      Path file = Path.of(name);
      if (Files.isReadable(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is not a path: " + e.getReason() + ".");
    }
    throw new UsageException("Cannot read " + name + ". Does the file exist?");
  }

  private static FileFormat format(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "parquet" -> FileFormat.parquet();
      case "avro" -> FileFormat.avro();
      case "csv" -> FileFormat.csv();
      case "tsv" -> FileFormat.csv().separatedBy('\t');
      case "jsonl", "ndjson" -> FileFormat.jsonLines();
      default ->
          throw new UsageException(
              "Format '" + text + "' is not parquet, avro, csv, tsv, or jsonl.");
    };
  }

  private void copy(InputStream in) {
    try {
      Path copy = Files.createTempFile("mesh-", ".rows");
      temporary.add(copy);
      try (var out = Files.newOutputStream(copy)) {
        in.transferTo(out);
      }
      files.add(copy);
    } catch (IOException e) {
      close();
      throw new UsageException("Cannot read standard input: " + e.getMessage());
    }
  }

  <T> Publish<T> addTo(Publish<T> publish) {
    Path[] all = files.toArray(new Path[0]);
    return format.isPresent() ? publish.files(format.get(), all) : publish.files(all);
  }

  @Override
  public void close() {
    for (Path file : temporary) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
