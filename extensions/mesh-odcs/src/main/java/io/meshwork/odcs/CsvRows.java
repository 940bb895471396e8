package io.meshwork.odcs;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.meshwork.error.MeshException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a CSV file, read by FastCSV. Adds the limits, and errors that name the line and no
 * value. Not thread-safe.
 */
final class CsvRows {
  /** The longest cell, in characters with its quotes. */
  static final int LONGEST_CELL = 16 << 20;

  private static final int MOST_CELLS = 10_000;

  /** One cell. A quoted cell is never null. */
  record Cell(String text, boolean quoted) {}

  private final String source;
  private final RowHandler handler = new RowHandler();
  private final Iterator<List<Cell>> rows;

  CsvRows(InputStream in, char separator, String source) {
    this.source = source;
    this.rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .skipEmptyLines(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(LONGEST_CELL)
            .build(handler, text(in))
            .iterator();
  }

  /** Strict UTF-8, without the byte order mark. FastCSV would also accept the mark of UTF-16. */
  private BufferedReader text(InputStream in) {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    try {
      text.mark(1);
      if (text.read() != '\uFEFF') {
        text.reset();
      }
      return text;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The line on which the row begins that was returned last, from 1. */
  long line() {
    return handler.firstLine;
  }

  /** The cells of the next row; none at the end of the file. An empty line has one empty cell. */
  List<Cell> next() {
    try {
      return rows.hasNext() ? rows.next() : List.of();
    } catch (UncheckedIOException e) {
      throw unreadable(Objects.requireNonNull(e.getCause()));
    } catch (CsvParseException e) {
      throw e.getCause() instanceof MeshException ours ? ours : malformed(e);
    }
  }

  private MeshException unreadable(IOException e) {
    if (e instanceof CharacterCodingException) {
      return BadSource.malformed(
          source,
          "in or after line " + handler.line() + " it is no UTF-8 text",
          "Save it as UTF-8.");
    }
    return BadSource.unreadable(
        source,
        "reading stopped at line " + handler.line() + " (" + e.getClass().getSimpleName() + ")");
  }

  /** FastCSV tells the reasons apart by its message alone, which may show a value. */
  private MeshException malformed(CsvParseException e) {
    String why = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    if (why.startsWith("The maximum buffer size")) {
      return BadSource.tooLarge(
          source,
          "a cell that begins in line "
              + handler.line()
              + " has more than "
              + LONGEST_CELL
              + " characters",
          "Look for a quote that is not closed.");
    }
    return why.startsWith("Unclosed quoted field")
        ? BadSource.malformed(
            source,
            "the quote that opens a cell in line " + handler.line() + " is never closed",
            "Close it, and double each quote inside of a quoted cell.")
        : BadSource.malformed(
            source,
            "something follows the closing quote of a cell in line " + handler.line(),
            "Double each quote inside of a quoted cell.");
  }

  /** Collects the cells of one row and counts the lines in them. */
  private final class RowHandler extends AbstractBaseCsvCallbackHandler<List<Cell>> {
    private long firstLine = 1;
    private long lineBreaks;
    private List<Cell> cells = new ArrayList<>();

    /** The line on which the next cell begins. */
    long line() {
      return firstLine + lineBreaks;
    }

    @Override
    protected void handleBegin(long line) {
      firstLine = line;
      lineBreaks = 0;
      cells = new ArrayList<>();
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
      if (index == MOST_CELLS) {
        throw BadSource.tooLarge(
            source,
            "line " + line() + " has more than " + MOST_CELLS + " cells",
            "Check what separates the cells.");
      }
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == 0) {
          throw BadSource.malformed(
              source,
              "line " + line() + " has a zero byte, so it is no text",
              "Give a CSV file, or a Parquet file under its own name.");
        }
        lineBreaks += buffer[i] == '\n' ? 1 : 0;
      }
      cells.add(new Cell(new String(buffer, offset, length), quoted));
    }

    @Override
    protected void handleEmpty() {
      cells.add(new Cell("", false));
    }

    @Override
    protected List<Cell> buildRecord() {
      return cells;
    }
  }
}
