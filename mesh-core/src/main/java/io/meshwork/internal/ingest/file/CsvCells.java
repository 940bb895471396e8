package io.meshwork.internal.ingest.file;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.publish.Publish.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a CSV file, read with FastCSV, which is on the class path only if CSV is read. A
 * line spans several if a quoted cell does. Not thread-safe.
 */
final class CsvCells {
  /** The most cells of a line; further ones are counted and not kept. */
  static final int MAX_CELLS = 10_000;

  private final FileRows file;
  private final FileFormat format;
  private final int linesBefore;
  private final LineHandler handler = new LineHandler();
  private final Iterator<List<@Nullable String>> lines;

  CsvCells(FileRows file, InputStream in, CsvReading reading) throws IOException {
    this.file = file;
    this.format = reading.format();
    this.linesBefore = reading.linesBefore();
    this.lines =
        CsvReader.builder()
            .fieldSeparator(format.separator())
            .quoteCharacter(format.quote())
            .skipEmptyLines(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .allowUnclosedQuote(false)
            .maxBufferSize(TextRowParser.MAX_LENGTH)
            .build(handler, text(in, reading))
            .iterator();
  }

  /** The text from its header on; text that is not in the charset is an error. */
  private static BufferedReader text(InputStream in, CsvReading reading) throws IOException {
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                in,
                reading
                    .format()
                    .charset()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    reading.skip(text);
    return text;
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

  /** The cells of the next line as they are written, for names; null at the end of the file. */
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
      throw malformed(e);
    }
  }

  /** The exception if reading fails in or after a line. */
  static RuntimeException failed(FileRows file, FileFormat format, long line, IOException e) {
    return e instanceof CharacterCodingException
        ? file.malformed(
            "it is not " + format.charset() + " text in or after line " + line,
            "Save it as UTF-8, or name its charset with charset(..).")
        : file.failed(e);
  }

  /** FastCSV distinguishes the reasons only by messages, which can contain values. */
  private RuntimeException malformed(CsvParseException e) {
    String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    if (message.startsWith("The maximum buffer size")) {
      return file.malformed(
          "a cell that starts in line "
              + handler.line()
              + " has more than "
              + TextRowParser.MAX_LENGTH
              + " characters",
          "Check for a quote that is not closed.");
    }
    return message.startsWith("Unclosed quoted field")
        ? file.malformed(
            "the quote that opens a cell in line " + handler.line() + " is never closed",
            "Close the quote, and double each quote inside a quoted cell.")
        : file.malformed(
            "text follows the closing quote of a cell in line " + handler.line(),
            "Double each quote inside a quoted cell.");
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
      if (index >= MAX_CELLS) {
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
