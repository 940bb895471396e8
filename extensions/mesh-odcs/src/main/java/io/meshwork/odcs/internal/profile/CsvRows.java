package io.meshwork.odcs.internal.profile;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.meshwork.error.MeshException;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.publish.Publish.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The rows of a CSV file, read with FastCSV. Adds limits, and errors that name the line but no
 * value. Not thread-safe.
 */
final class CsvRows {
  /** The length of the longest cell, in characters, including its quotes. */
  static final int MAX_CELL_LENGTH = 16 << 20;

  private static final int MAX_CELLS = 10_000;

  /** One cell. A quoted cell is never null. */
  record Cell(String text, boolean quoted) {}

  private final String source;
  private final Charset charset;
  private final int linesBefore;
  private final RowHandler handler = new RowHandler();
  private final Iterator<List<Cell>> rows;

  CsvRows(InputStream in, CsvReading reading, String source) {
    FileFormat format = reading.format();
    this.source = source;
    this.linesBefore = reading.linesBefore();
    this.charset = format.charset();
    this.rows =
        CsvReader.builder()
            .fieldSeparator(format.separator())
            .quoteCharacter(format.quote())
            .skipEmptyLines(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(MAX_CELL_LENGTH)
            .build(handler, text(in, reading))
            .iterator();
  }

  /** The text from its header on; text that is not in the charset is an error. */
  private BufferedReader text(InputStream in, CsvReading reading) {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                in,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    try {
      text.mark(1);
      if (text.read() != '\uFEFF') {
        text.reset();
      }
      reading.skip(text);
      return text;
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

  /** FastCSV distinguishes the reasons only by messages, which can contain values. */
  private MeshException malformed(CsvParseException e) {
    String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    if (message.startsWith("The maximum buffer size")) {
      return SourceErrors.tooLarge(
          source,
          "a cell that starts in line "
              + handler.line()
              + " has more than "
              + MAX_CELL_LENGTH
              + " characters",
          "Check for a quote that is not closed.");
    }
    return message.startsWith("Unclosed quoted field")
        ? SourceErrors.malformed(
            source,
            "the quote that opens a cell in line " + handler.line() + " is never closed",
            "Close the quote, and double each quote inside a quoted cell.")
        : SourceErrors.malformed(
            source,
            "text follows the closing quote of a cell in line " + handler.line(),
            "Double each quote inside a quoted cell.");
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
      if (index == MAX_CELLS) {
        throw SourceErrors.tooLarge(
            source,
            "line " + line() + " has more than " + MAX_CELLS + " cells",
            "Check the separator of the cells.");
      }
      for (int i = offset; i < offset + length; i++) {
        if (buffer[i] == 0) {
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
      cells.add(new Cell("", false));
    }

    @Override
    protected List<Cell> buildRecord() {
      return cells;
    }
  }
}
