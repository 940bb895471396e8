package io.meshwork.internal.rows;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.meshwork.publish.Publish.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Iterator;

/**
 * Reads the lines of CSV files with FastCSV, which is on the class path only if CSV is read.
 * Stateless.
 */
public final class CsvLines {
  /** The most cells of a line. */
  public static final int MAX_CELLS = 10_000;

  private CsvLines() {}

  /**
   * Returns the lines from the header on. Text that is not in the charset is an error.
   *
   * @param in the file from its start
   * @param handler creates a line from its cells
   */
  public static <T> Iterator<T> of(
      InputStream in, CsvReading reading, CsvCallbackHandler<T> handler) throws IOException {
    FileFormat.Csv format = reading.format();
    return CsvReader.builder()
        .fieldSeparator(format.separator())
        .quoteCharacter(format.quote())
        .skipEmptyLines(false)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .allowUnclosedQuote(false)
        .trimWhitespacesAroundQuotes(reading.spacesAroundQuotes())
        .maxBufferSize(TextRowParser.MAX_LENGTH)
        .build(handler, text(in, reading))
        .iterator();
  }

  private static BufferedReader text(InputStream in, CsvReading reading) throws IOException {
    // A new decoder reports what is not in its charset; a charset's own decoder replaces it.
    BufferedReader text =
        new BufferedReader(new InputStreamReader(in, reading.format().charset().newDecoder()));
    text.mark(1);
    if (text.read() != '\uFEFF') {
      text.reset();
    }
    reading.skip(text);
    return text;
  }

  /**
   * Why no line can be read.
   *
   * @param isTooLong true if a cell is longer than allowed; false if the text is not CSV
   */
  public record Fault(boolean isTooLong, String reason, String fix) {
    /**
     * Describes an error of FastCSV, which distinguishes the reasons only by messages, which can
     * contain values.
     *
     * @param line the line in which the cell starts
     */
    public static Fault of(CsvParseException e, long line) {
      String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
      if (message.startsWith("The maximum buffer size")) {
        return new Fault(
            true,
            "a cell that starts in line "
                + line
                + " has more than "
                + TextRowParser.MAX_LENGTH
                + " characters",
            "Check for a quote that is not closed.");
      }
      return message.startsWith("Unclosed quoted field")
          ? new Fault(
              false,
              "the quote that opens a cell in line " + line + " is never closed",
              "Close the quote, and double each quote inside a quoted cell.")
          : new Fault(
              false,
              "text follows the closing quote of a cell in line " + line,
              "Double each quote inside a quoted cell.");
    }
  }
}
