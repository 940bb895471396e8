package io.meshwork.internal.ingest.file;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The names of files: their formats, and in messages the shortest part of the path that is unique.
 */
public final class FileNames {
  private FileNames() {}

  /**
   * Returns the format that the extensions of files stand for, also before {@code .gz}; Parquet for
   * a file without one.
   *
   * @throws io.meshwork.error.InvalidRequestException if they stand for several, or one is unknown
   */
  public static FileFormat format(List<Path> files, MeshAction action) {
    FileFormat first = format(files.get(0), files, action);
    for (Path file : files) {
      if (!format(file, files, action).equals(first)) {
        throw Failure.of(action)
            .because(
                "the files have several formats: "
                    + of(files.get(0), files)
                    + " and "
                    + of(file, files))
            .state("Nothing was published.")
            .fix("Publish the files of each format with its own idempotency key.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
    return first;
  }

  private static FileFormat format(Path file, List<Path> all, MeshAction action) {
    String name = String.valueOf(file.getFileName());
    boolean extended = name.replaceFirst("(?i)\\.gz$", "").lastIndexOf('.') > 0;
    return FileFormat.ofExtension(name)
        .orElseGet(
            () -> {
              if (extended) {
                throw unknown(of(file, all), action);
              }
              return FileFormat.parquet();
            });
  }

  /** Returns the separator of cells that the extension stands for, also before {@code .gz}. */
  public static char separator(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
      case "tsv", "tab" -> '\t';
      case "psv" -> '|';
      default -> ',';
    };
  }

  private static InvalidRequestException unknown(String name, MeshAction action) {
    return Failure.of(action)
        .because("the extension of the file " + name + " is not one of a known format")
        .state("Nothing was published.")
        .fix(
            "Name the format with files(FileFormat, ..), or use one of the extensions csv, tsv,"
                + " tab, psv, txt, json, jsonl, ndjson, avro, parquet; gzip is known for text, as in csv.gz.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * Returns the file name, preceded by as many folders of the path as are needed.
   *
   * @param all all files of the call
   */
  public static String of(Path file, List<Path> all) {
    return SourceFile.source(file).orElseGet(() -> end(file, all));
  }

  /** Returns the name after the word file, or what was copied into it. */
  public static String described(Path file, List<Path> all) {
    return SourceFile.source(file).orElseGet(() -> "file " + end(file, all));
  }

  private static String end(Path file, List<Path> all) {
    int names = file.getNameCount();
    for (int last = 1; last <= names; last++) {
      Path end = file.subpath(names - last, names);
      if (all.stream().allMatch(sibling -> sibling.equals(file) || !sibling.endsWith(end))) {
        return end.toString();
      }
    }
    return file.toString();
  }
}
