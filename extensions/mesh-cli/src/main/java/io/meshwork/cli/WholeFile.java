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
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * A file, mostly of rows, that is either there completely or not at all, in the format of its name.
 */
final class WholeFile {
  private WholeFile() {}

  /** Writes the rows to a new file, and returns their number. */
  private interface Content {
    long writeTo(Path part) throws IOException;
  }

  /** Rejects a name whose format cannot be written, before anything is read. */
  static void requireFormat(Path file) {
    if (!isText(file)) {
      throw new UsageException("Rows are written to a file .csv or .jsonl, not " + file + ".");
    }
  }

  /** True if the name of a file ends with .csv or .jsonl. */
  static boolean isText(Path file) {
    return isCsv(file) || isJson(file);
  }

  /** True if the name of a file ends with .avro. */
  static boolean isAvro(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".avro");
  }

  /**
   * Writes rows as an Avro file, and returns their number.
   *
   * @param schema of a file without rows; otherwise the schema of the rows
   * @param rows the rows; what their iterator throws leaves no file
   */
  static long writeAvro(Path file, Schema schema, Iterable<GenericRecord> rows) {
    return write(file, part -> AvroRows.write(part, schema, rows));
  }

  /**
   * Writes rows, and returns their number.
   *
   * @param rows the rows; what their iterator throws leaves no file
   */
  static long write(Path file, List<String> columns, Iterable<Map<String, Object>> rows) {
    return write(
        file,
        part -> {
          try (BufferedWriter out = Files.newBufferedWriter(part, StandardOpenOption.CREATE_NEW);
              RowWriter writer =
                  isCsv(file) ? new CsvRows(out, columns) : new JsonRows(out, columns)) {
            long count = 0;
            for (Map<String, Object> row : rows) {
              writer.write(row);
              count++;
            }
            return count;
          }
        });
  }

  /** Writes a text. */
  static void writeText(Path file, String text) {
    write(
        file,
        part -> {
          Files.writeString(part, text);
          return 1;
        });
  }

  private static long write(Path file, Content content) {
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    part.toFile().deleteOnExit();
    try {
      long count = content.writeTo(part);
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
