package io.meshwork.odcs.internal.profile;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.rows.CsvLines;
import io.meshwork.internal.rows.CsvReading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a CSV file, with limits, and errors that name the line but no value. Not thread-safe.
 */
final class CsvRows {
  /** One cell. A quoted cell is never null. */
  record Cell(String text, boolean quoted) {
    /** The cell of an empty line. */
    static final Cell EMPTY = new Cell("", false);
  }

  private final String source;
  private final Charset charset;
  private final int linesBefore;
  private final RowHandler handler = new RowHandler();
  private final Iterator<List<Cell>> rows;

  CsvRows(InputStream in, CsvReading reading, String source) {
    this.source = source;
    this.linesBefore = reading.linesBefore();
    this.charset = reading.format().charset();
    try {
      this.rows = CsvLines.of(in, reading, handler);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The first line of the row that was returned last, from 1. */
  long line() {
    return linesBefore + handler.firstLine;
  }

  /** The cells of the next row; none at the end of the file. An empty line has one empty cell. */
  List<Cell> next() {
    try {
      return rows.hasNext() ? rows.next() : List.of();
    } catch (UncheckedIOException e) {
      throw unreadable(Objects.requireNonNull(e.getCause()));
    } catch (CsvParseException e) {
      throw e.getCause() instanceof MeshException failure ? failure : malformed(e);
    }
  }

  private MeshException unreadable(IOException e) {
    if (e instanceof CharacterCodingException) {
      return SourceErrors.malformed(
          source,
          "it is not " + charset + " text in or after line " + handler.line(),
          "Save it as UTF-8, or name its charset with charset(..).");
    }
    return SourceErrors.failed(source, "reading stopped at line " + handler.line(), e);
  }

  private MeshException malformed(CsvParseException e) {
    CsvLines.Fault fault = CsvLines.Fault.of(e, handler.line());
    return fault.isTooLong()
        ? SourceErrors.tooLarge(source, fault.reason(), fault.fix())
        : SourceErrors.malformed(source, fault.reason(), fault.fix());
  }

  /** Collects the cells of one row and counts the lines in them. */
  private final class RowHandler extends AbstractBaseCsvCallbackHandler<List<Cell>> {
    private long firstLine = 1;
    private long lineBreaks;
    private List<Cell> cells = new ArrayList<>();

    /** The line in which the next cell starts. */
    long line() {
      return linesBefore + firstLine + lineBreaks;
    }

    @Override
    protected void handleBegin(long line) {
      firstLine = line;
      lineBreaks = 0;
      cells = new ArrayList<>();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      if (index == CsvLines.MAX_CELLS) {
        throw SourceErrors.tooLarge(
            source,
            "line " + line() + " has more than " + CsvLines.MAX_CELLS + " cells",
            "Check the separator of the cells.");
      }
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == 0 && firstLine == 1) {
          throw SourceErrors.malformed(
              source,
              "line " + line() + " has a zero byte, so it is not text",
              "Use a CSV file, or a Parquet file with the extension .parquet.");
        }
        lineBreaks += buffer[i] == '\n' ? 1 : 0;
      }
      cells.add(new Cell(new String(buffer, offset, length), quoted));
    }

    @Override
    protected void handleEmpty() {
      cells.add(Cell.EMPTY);
    }

    @Override
    protected List<Cell> buildRecord() {
      return cells;
    }
  }
}
