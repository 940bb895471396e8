package io.meshwork.internal.ingest.file;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import io.meshwork.internal.rows.CsvLines;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a CSV file. A line spans several if a quoted cell does. Cells beyond {@link
 * CsvLines#MAX_CELLS} are counted but not stored. Not thread-safe.
 */
final class CsvCells {
  private final FileRows file;
  private final FileFormat.Csv format;
  private final int linesBefore;
  private final LineHandler handler = new LineHandler();
  private final Iterator<List<@Nullable String>> lines;

  CsvCells(FileRows file, InputStream in, CsvReading reading) throws IOException {
    this.file = file;
    this.format = reading.format();
    this.linesBefore = reading.linesBefore();
    this.lines = CsvLines.of(in, reading, handler);
  }

  /** The number of the line that was returned last, from 1; of its first one if it has several. */
  long line() {
    return linesBefore + handler.firstLine;
  }

  /** The number of cells in the line that was returned last. */
  int count() {
    return handler.count;
  }

  /** True if the line that was returned last has no character. */
  boolean isEmpty() {
    return handler.empty;
  }

  /** The cells of the next line as written, for names; null at the end of the file. */
  @Nullable List<@Nullable String> names() {
    handler.asWritten = true;
    try {
      return next();
    } finally {
      handler.asWritten = false;
    }
  }

  /** The cells of the next line, with null for null; null at the end of the file. */
  @Nullable List<@Nullable String> next() {
    try {
      return lines.hasNext() ? lines.next() : null;
    } catch (UncheckedIOException e) {
      throw failed(file, format, handler.line(), Objects.requireNonNull(e.getCause()));
    } catch (CsvParseException e) {
      CsvLines.Fault fault = CsvLines.Fault.of(e, handler.line());
      throw file.malformed(fault.reason(), fault.fix());
    }
  }

  /** The exception if reading fails in or after a line. */
  static RuntimeException failed(FileRows file, FileFormat.Csv format, long line, IOException e) {
    return e instanceof CharacterCodingException
        ? file.malformed(
            "it is not " + format.charset() + " text in or after line " + line,
            "Save it as UTF-8, or name its charset with charset(..).")
        : file.failed(e);
  }

  /** Collects the cells of one line and counts the line breaks in them. */
  private final class LineHandler extends AbstractBaseCsvCallbackHandler<List<@Nullable String>> {
    private long firstLine = 1;
    private long lineBreaks;
    private int count;
    private boolean empty;
    private boolean asWritten;
    private List<@Nullable String> cells = new ArrayList<>();

    /** The line in which the next cell starts. */
    long line() {
      return linesBefore + firstLine + lineBreaks;
    }

    @Override
    protected void handleBegin(long line) {
      firstLine = line;
      lineBreaks = 0;
      count = 0;
      empty = false;
      cells = new ArrayList<>(cells.size());
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      count++;
      if (index >= CsvLines.MAX_CELLS) {
        return;
      }
      for (int i = offset; quoted && i < offset + length; i++) {
        lineBreaks += buffer[i] == '\n' ? 1 : 0;
      }
      String text = new String(buffer, offset, length);
      cells.add(quoted || asWritten || !format.nullTexts().contains(text) ? text : null);
    }

    @Override
    protected void handleEmpty() {
      empty = true;
      count = 1;
      cells.add(format.nullTexts().contains("") ? null : "");
    }

    @Override
    protected List<@Nullable String> buildRecord() {
      return cells;
    }
  }
}
