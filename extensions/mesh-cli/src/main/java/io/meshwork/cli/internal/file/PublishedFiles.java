package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /**
   * Returns how files of text are read, where that is not the plain form, by the file.
   *
   * @param major the major version of the product; null for the current one
   */
  public Map<String, String> readAs(MeshClient client, String product, @Nullable Integer major) {
    List<Path> all = files.stream().map(InputFile::path).toList();
    try {
      return client.describe(product).versions().stream()
          .filter(each -> major == null || each.version().major() == major)
          .findFirst()
          .map(each -> RowInput.readAs(all, format.orElse(null), each.contract()))
          .orElse(Map.of());
    } catch (MeshException e) {
      return Map.of(); // the publish says why
    }
  }

  @Override
  public void close() {
    files.forEach(InputFile::close);
  }
}
