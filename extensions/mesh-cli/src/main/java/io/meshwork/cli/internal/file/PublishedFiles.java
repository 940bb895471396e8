package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
   * @param text the format, and how the files are written
   * @param in standard input
   */
  public static PublishedFiles of(List<String> names, TextOptions text, InputStream in) {
    if (names.stream().anyMatch(StandardInput::isNamed)
        && (!text.hasFormat() || names.size() > 1)) {
      throw new UsageException("Standard input is the only file, and needs --format.");
    }
    PublishedFiles published = new PublishedFiles(Optional.ofNullable(text.format(names.get(0))));
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

  public <T> Publish<T> addTo(Publish<T> publish) {
    Path[] all = files.stream().map(InputFile::path).toArray(Path[]::new);
    return format.isPresent() ? publish.files(format.get(), all) : publish.files(all);
  }

  /** Returns about how many rows files of text have; empty if that is not known. */
  public OptionalLong estimatedRows() {
    return LineEstimate.of(files.stream().map(InputFile::path));
  }

  @Override
  public void close() {
    files.forEach(InputFile::close);
  }
}
