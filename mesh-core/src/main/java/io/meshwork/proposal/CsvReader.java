package io.meshwork.proposal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The cells of a CSV file, line by line. Not thread-safe. */
final class CsvReader {
  /** The longest cell, in characters. */
  static final int LONGEST_CELL = 16 << 20;

  private static final int MOST_CELLS = 10_000;
  private static final int END = -1;

  /** One cell; what is quoted is never null. */
  record Cell(String text, boolean quoted) {}

  private final Reader in;
  private final char separator;
  private final String source;
  private final StringBuilder cell = new StringBuilder();
  private int peeked;
  private long line = 1;

  CsvReader(InputStream in, char separator, String source) {
    this.in =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)),
            1 << 16);
    this.separator = separator;
    this.source = source;
    this.peeked = read();
    if (peeked == '\uFEFF') {
      peeked = read();
    }
  }

  /** The line on which the next row begins, from 1. */
  long line() {
    return line;
  }

  /** The cells of the next row; none at the end of the file. An empty line has one empty cell. */
  List<Cell> next() {
    List<Cell> cells = new ArrayList<>();
    if (peeked == END) {
      return cells;
    }
    while (true) {
      cells.add(cell());
      if (cells.size() > MOST_CELLS) {
        throw BadSource.tooLarge(
            source,
            "line " + line + " has more than " + MOST_CELLS + " cells",
            "Check what separates the cells.");
      }
      if (peeked == separator) {
        peeked = read();
      } else {
        break;
      }
    }
    if (peeked == '\r') {
      peeked = read();
    }
    if (peeked == '\n') {
      peeked = read();
    }
    line++;
    return cells;
  }

  private Cell cell() {
    cell.setLength(0);
    if (peeked == '"') {
      quoted();
      return new Cell(cell.toString(), true);
    }
    while (peeked != END && peeked != separator && peeked != '\n' && peeked != '\r') {
      append();
    }
    return new Cell(cell.toString(), false);
  }

  private void quoted() {
    long from = line;
    peeked = read();
    while (true) {
      if (peeked == END) {
        throw BadSource.malformed(
            source,
            "the quote that opens a cell in line " + from + " is never closed",
            "Close it, and double each quote inside of a quoted cell.");
      }
      if (peeked == '"') {
        peeked = read();
        if (peeked != '"') {
          break;
        }
      } else if (peeked == '\n') {
        line++;
      }
      append();
    }
    if (peeked != END && peeked != separator && peeked != '\n' && peeked != '\r') {
      throw BadSource.malformed(
          source,
          "something follows the closing quote of a cell in line " + line,
          "Double each quote inside of a quoted cell.");
    }
  }

  private void append() {
    if (peeked == 0) {
      throw BadSource.malformed(
          source,
          "line " + line + " has a zero byte, so it is no text",
          "Give a CSV file, or a Parquet file under its own name.");
    }
    if (cell.length() == LONGEST_CELL) {
      throw BadSource.tooLarge(
          source,
          "a cell that begins before or in line "
              + line
              + " has more than "
              + LONGEST_CELL
              + " characters",
          "Look for a quote that is not closed.");
    }
    cell.append((char) peeked);
    peeked = read();
  }

  private int read() {
    try {
      return in.read();
    } catch (CharacterCodingException e) {
      throw BadSource.malformed(
          source, "in or after line " + line + " it is no UTF-8 text", "Save it as UTF-8.");
    } catch (IOException e) {
      throw BadSource.unreadable(
          source, "reading stopped at line " + line + " (" + e.getClass().getSimpleName() + ")");
    }
  }
}
