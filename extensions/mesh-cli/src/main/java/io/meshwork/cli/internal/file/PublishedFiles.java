package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files to publish; {@code -} is standard input. */
public final class PublishedFiles implements AutoCloseable {
  private final List<InputFile> files = new ArrayList<>();
  private final Optional<FileFormat> format;

  private PublishedFiles(Optional<FileFormat> format) {
    this.format = format;
  }

  /**
   * Checks that the files are there.
   *
   * @param names the files, or {@code -} alone
   * @param format the format; null if the names of the files show it
   * @param in standard input
   */
  public static PublishedFiles of(List<String> names, @Nullable String format, InputStream in) {
    if (names.stream().anyMatch(StandardInput::isNamed) && (format == null || names.size() > 1)) {
      throw new UsageException("Standard input is the only file, and needs --format.");
    }
    PublishedFiles published =
        new PublishedFiles(Optional.ofNullable(format).map(PublishedFiles::format));
    boolean complete = false;
    try {
      for (String name : names) {
        published.files.add(InputFile.of(name, published.files.size() + 1, in));
      }
      complete = true;
      return published;
    } finally {
      if (!complete) {
        published.close();
      }
    }
  }

  private static FileFormat format(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "parquet" -> FileFormat.parquet();
      case "avro" -> FileFormat.avro();
      case "csv" -> FileFormat.csv();
      case "tsv" -> FileFormat.csv().separator('\t');
      case "jsonl", "ndjson" -> FileFormat.jsonLines();
      default ->
          throw new UsageException(
              "Format '" + text + "' is not parquet, avro, csv, tsv, or jsonl.");
    };
  }

  public <T> Publish<T> addTo(Publish<T> publish) {
    Path[] all = files.stream().map(InputFile::path).toArray(Path[]::new);
    return format.isPresent() ? publish.files(format.get(), all) : publish.files(all);
  }

  @Override
  public void close() {
    files.forEach(InputFile::close);
  }
}
