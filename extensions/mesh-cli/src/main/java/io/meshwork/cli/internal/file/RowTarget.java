package io.meshwork.cli.internal.file;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.OutputEndedException;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.operation.Operation.Progress;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are written: a file that is complete or not there, or standard output, whose reader
 * may end before all rows are written.
 */
public final class RowTarget {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final Format format;
  private final CommandShell shell;

  private RowTarget(String name, Format format, CommandShell shell) {
    this.name = name;
    this.format = format;
    this.shell = shell;
  }

  /** How rows are written. */
  public enum Format {
    CSV(".csv"),
    JSONL(".jsonl", ".ndjson"),
    PARQUET(".parquet"),
    AVRO(".avro");

    private final List<String> endings;

    Format(String... endings) {
      this.endings = List.of(endings);
    }

    private boolean fits(String name) {
      return endings.stream().anyMatch(name.toLowerCase(Locale.ROOT)::endsWith);
    }
  }

  /** True if a name means standard output. */
  public static boolean isStandardOutput(@Nullable String name) {
    return StandardInput.isNamed(String.valueOf(name));
  }

  /**
   * Chooses the target before anything is read.
   *
   * @param name a path, or {@code -} for standard output
   * @param stated the format; null to take it from the ending of the name
   * @param allowed the formats that the caller writes
   * @throws UsageException if there is no format, or the caller does not write it
   */
  public static RowTarget of(
      String name, @Nullable String stated, CommandShell shell, Format... allowed) {
    Optional<Format> format =
        Arrays.stream(allowed)
            .filter(each -> stated == null ? each.fits(name) : each.name().equalsIgnoreCase(stated))
            .findFirst();
    if (format.isPresent()) {
      return new RowTarget(name, format.get(), shell);
    }
    String formats =
        String.join(
            ", ",
            Arrays.stream(allowed).map(each -> each.name().toLowerCase(Locale.ROOT)).toList());
    throw new UsageException(
        stated != null
            ? "Rows are written as " + formats + ", not as " + stated + "."
            : "The name "
                + name
                + " has no format. "
                + (name.equals("-") ? "Add --format: " : "End it with one, or add --format: ")
                + formats
                + ".");
  }

  public Format format() {
    return format;
  }

  /**
   * Writes rows as a Parquet file, and returns their number.
   *
   * @param rows writes them to a stream; what it throws leaves no file
   */
  public long writeParquet(ToLongFunction<OutputStream> rows) {
    return write(
        (out, progress) -> {
          try {
            return rows.applyAsLong(new CountingStream(out, progress));
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
  public long writeAvro(Schema schema, Iterable<GenericRecord> rows) {
    return write(
        (out, progress) -> AvroRows.write(new CountingStream(out, progress), schema, rows));
  }

  /**
   * Writes rows as text, and returns their number.
   *
   * @param rows the rows; what their iterator throws leaves no file
   * @param total how many there are, if that is known
   */
  public long write(List<String> columns, Iterable<Map<String, Object>> rows, OptionalLong total) {
    return write(
        (out, progress) -> {
          Writer text =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8.newEncoder()));
          RowWriter writer =
              format == Format.CSV ? new CsvRows(text, columns) : new JsonRows(text, columns);
          long count = 0;
          for (Map<String, Object> row : rows) {
            writer.write(row);
            count++;
            if (count % 1_000 == 0) {
              progress.at(ProgressLine.ROWS, count, total);
            }
          }
          writer.close();
          return count;
        });
  }

  /** Writes rows, and reports how many. */
  private interface RowContent {
    long writeTo(OutputStream out, Progress progress) throws IOException;
  }

  private long write(RowContent content) {
    Progress[] listener = {(phase, done, total) -> {}};
    CommandShell watched = isStandardOutput(name) ? shell.withRowsOnOutput() : shell;
    return ProgressLine.during(
        watched, line -> listener[0] = line, () -> write(content, listener[0]));
  }

  private long write(RowContent content, Progress progress) {
    long[] count = new long[1];
    try {
      if (isStandardOutput(name)) {
        OutputStream out = new BufferedOutputStream(shell.rowsOutput(), BUFFER_BYTES);
        count[0] = content.writeTo(out, progress);
        out.flush();
      } else {
        TargetFile.write(Path.of(name), out -> count[0] = content.writeTo(out, progress));
      }
    } catch (OutputEndedException e) {
      return count[0];
    } catch (InvalidPathException e) {
      throw UsageException.ofPath("FILE", e);
    } catch (IOException e) {
      throw isStandardOutput(name)
          ? AtomicFile.unwritable(
              Path.of("standard output"), e, "It may have a part of the rows; nothing was changed.")
          : AtomicFile.unwritable(
              Path.of(name), e, "A file there is as it was before; a pipe may have a part.");
    }
    return count[0];
  }

  /** Counts the bytes that are written. */
  private static final class CountingStream extends FilterOutputStream {
    private final Progress progress;
    private long bytes;

    CountingStream(OutputStream out, Progress progress) {
      super(out);
      this.progress = progress;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] content, int offset, int length) throws IOException {
      out.write(content, offset, length);
      bytes += length;
      progress.at(ProgressLine.BYTES, bytes, OptionalLong.empty());
    }
  }
}
