package io.meshwork.cli;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** A file of rows that is either there completely or not at all, in the format of its name. */
final class WholeFile {
  private WholeFile() {}

  /** Rejects a name whose format cannot be written, before anything is read. */
  static void requireFormat(Path file) {
    if (!isCsv(file) && !isJson(file)) {
      throw new UsageException("Rows are written to a file .csv or .jsonl, not " + file + ".");
    }
  }

  /**
   * Writes rows, and returns their number.
   *
   * @param rows the rows; what their iterator throws leaves no file
   */
  static long write(Path file, List<String> columns, Iterable<Map<String, Object>> rows) {
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    part.toFile().deleteOnExit();
    try {
      long count;
      try (BufferedWriter out = Files.newBufferedWriter(part, StandardOpenOption.CREATE_NEW);
          RowWriter writer = isCsv(file) ? new CsvRows(out, columns) : new JsonRows(out, columns)) {
        count = 0;
        for (Map<String, Object> row : rows) {
          writer.write(row);
          count++;
        }
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return count;
    } catch (IOException e) {
      throw Failure.of(MeshAction.of(Verb.WRITE, file))
          .because(e.toString())
          .state("The file was not written.")
          .fix("Check that its folder exists and is writable.")
          .cause(e)
          .conflict(ErrorCode.STORAGE_UNWRITABLE);
    } finally {
      deleteQuietly(part);
    }
  }

  private static boolean isCsv(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static boolean isJson(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson");
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // A hidden leftover; the file itself is whole, or is not there.
    }
  }
}
