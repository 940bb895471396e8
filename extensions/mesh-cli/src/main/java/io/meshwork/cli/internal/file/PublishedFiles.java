package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Files to publish; {@code -} is standard input. */
public final class PublishedFiles implements AutoCloseable {
  private final List<InputFile> files = new ArrayList<>();
  private final Map<String, String> detected = new LinkedHashMap<>();
  private Optional<FileFormat> format = Optional.empty();

  private PublishedFiles() {}

  /**
   * Checks that the files are there.
   *
   * @param names the files, or {@code -} alone
   * @param text the format, and how the files are written
   * @param in standard input
   */
  public static PublishedFiles of(List<String> names, TextOptions text, InputStream in) {
    if (names.stream().anyMatch(StandardInput::isNamed) && names.size() > 1) {
      throw new UsageException("Standard input is published alone, without other files.");
    }
    PublishedFiles published = new PublishedFiles();
    boolean complete = false;
    try {
      for (String name : names) {
        published.files.add(InputFile.of(name, published.files.size() + 1, in));
      }
      Optional<FileFormat> format = text.hasFormat() ? Optional.empty() : published.detect();
      published.format = Optional.ofNullable(text.format(names.get(0), format));
      complete = true;
      return published;
    } finally {
      if (!complete) {
        published.close();
      }
    }
  }

  /** Returns the one format of all files, if the names of some do not state it. */
  private Optional<FileFormat> detect() {
    Map<FileFormat, String> formats = new LinkedHashMap<>();
    for (InputFile file : files) {
      file.detected()
          .ifPresentOrElse(
              detection -> {
                formats.putIfAbsent(detection.format(), file.source());
                detected.put(file.source(), detection.text());
              },
              () ->
                  FileFormat.ofExtension(file.source())
                      .ifPresent(named -> formats.putIfAbsent(named, file.source())));
    }
    if (detected.isEmpty()) {
      return Optional.empty();
    } else if (formats.size() > 1) {
      throw new UsageException(
          "The files have several formats: "
              + String.join(" and ", formats.values())
              + ". Nothing was changed. Publish the files of each format with their own --key.");
    }
    return formats.keySet().stream().findFirst();
  }

  /**
   * Returns how each file was read, with the format of files whose names do not state it.
   *
   * @param forms the forms of text that the publish found
   */
  public Map<String, String> readAs(Map<String, String> forms) {
    Map<String, String> all = new LinkedHashMap<>(detected);
    forms.forEach(
        (file, form) ->
            all.merge(file, form, (formatName, earlier) -> formatName + ", " + earlier));
    return all;
  }

  public <T> Publish.Files<T> addTo(Publish<T> publish) {
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
