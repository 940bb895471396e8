package io.meshwork.cli;

import io.meshwork.publish.Publish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Files to publish, of one format.
 *
 * @param files the files, at least one
 */
record PublishedFiles(List<Path> files) {
  /**
   * Checks that the files are there, and of a format that can be published.
   *
   * @param format the format; null if the names of the files show it
   */
  static PublishedFiles of(List<Path> files, @Nullable String format) {
    for (Path file : files) {
      String found = format == null ? extension(file) : format.toLowerCase(Locale.ROOT);
      if (!found.equals("parquet")) {
        throw new UsageException(
            "Cannot publish " + file + ": its format is not parquet. Name it with --format.");
      }
      if (!Files.isReadable(file)) {
        throw new UsageException("Cannot read " + file + ". Does the file exist?");
      }
    }
    return new PublishedFiles(files);
  }

  <T> Publish<T> addTo(Publish<T> publish) {
    return publish.files(files.toArray(new Path[0]));
  }

  private static String extension(Path file) {
    String name = file.toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
