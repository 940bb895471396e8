package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * A file, mostly of rows, that is either there completely or not at all, in the format of its name.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes to a stream, and returns the number of rows. */
  private interface Content {
    long writeTo(OutputStream out) throws IOException;
  }

  /** Rejects a name whose format cannot be written, before anything is read. */
  public static void requireFormat(Path file) {
    if (!isText(file) && !isParquet(file)) {
      throw new UsageException(
          "Rows are written to a file .csv, .jsonl, or .parquet, not " + file + ".");
    }
  }

  /** True if the name of a file ends with .csv or .jsonl. */
  public static boolean isText(Path file) {
    return isCsv(file) || isJson(file);
  }

  /** True if the name of a file ends with .avro. */
  public static boolean isAvro(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".avro");
  }

  /** True if the name of a file ends with .parquet. */
  public static boolean isParquet(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
  }

  /**
   * Writes rows as a Parquet file, and returns their number.
   *
   * @param rows writes them to a stream; what it throws leaves no file
   */
  public static long writeParquet(Path file, ToLongFunction<OutputStream> rows) {
    return write(
        file,
        out -> {
          try {
            return rows.applyAsLong(out);
          } catch (BackendException e) {
            if (e.errorCode() == ErrorCode.STORAGE_UNWRITABLE
                && e.getCause() instanceof IOException unwritable) {
              throw unwritable; // of this file, which the message names
            }
            throw e;
          }
        });
  }

  /**
   * Writes rows as an Avro file, and returns their number.
   *
   * @param schema of a file without rows; otherwise the schema of the rows
   * @param rows the rows; what their iterator throws leaves no file
   */
  public static long writeAvro(Path file, Schema schema, Iterable<GenericRecord> rows) {
    return write(file, out -> AvroRows.write(out, schema, rows));
  }

  /**
   * Writes rows, and returns their number.
   *
   * @param rows the rows; what their iterator throws leaves no file
   */
  public static long write(Path file, List<String> columns, Iterable<Map<String, Object>> rows) {
    return write(
        file,
        out -> {
          Writer text =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8.newEncoder()));
          try (RowWriter writer =
              isCsv(file) ? new CsvRows(text, columns) : new JsonRows(text, columns)) {
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
  public static void writeText(Path file, String text) {
    write(
        file,
        out -> {
          out.write(text.getBytes(StandardCharsets.UTF_8));
          return 1;
        });
  }

  private static long write(Path file, Content content) {
    long[] count = new long[1];
    try {
      TargetFile.write(file, out -> count[0] = content.writeTo(out));
      return count[0];
    } catch (IOException e) {
      throw unwritable(file, e, "A file there is as it was before; a pipe may have a part.");
    }
  }

  /** Returns the exception for a file that could not be written, such as on a full disk. */
  public static BackendException unwritable(Path file, IOException e, String state) {
    return Failure.of(MeshAction.of(Verb.WRITE, file))
        .because(e.toString())
        .state(state)
        .fix("Check that its folder exists, is writable, and has space; then run it again.")
        .cause(e)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  private static boolean isCsv(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
  }

  private static boolean isJson(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson");
  }
}
