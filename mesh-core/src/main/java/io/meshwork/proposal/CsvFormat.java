package io.meshwork.proposal;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import java.util.Set;

/**
 * How a CSV file is written: UTF-8, one row a line, cells in double quotes where they need it, a
 * quote inside of them doubled. An immutable value; every detail returns a new one.
 *
 * <p>A cell without anything is null; two quotes with nothing between are an empty text.
 */
public final class CsvFormat {
  private static final CsvFormat STANDARD = new CsvFormat(',', Set.of(""), List.of());

  private final char separator;
  private final Set<String> nulls;
  private final List<String> columns;

  private CsvFormat(char separator, Set<String> nulls, List<String> columns) {
    this.separator = separator;
    this.nulls = nulls;
    this.columns = columns;
  }

  /** Commas between cells, and a first line with the names of the columns. */
  public static CsvFormat standard() {
    return STANDARD;
  }

  /**
   * Another character between cells, such as a semicolon or a tab.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT for a quote, a letter, a digit or a line's end
   */
  public CsvFormat separatedBy(char separator) {
    if (separator == '"'
        || separator == '\n'
        || separator == '\r'
        || Character.isLetterOrDigit(separator)) {
      throw refused(
          "a quote, a letter, a digit or a line's end separates no cells",
          "Give a comma, a semicolon, a tab or a bar.");
    }
    return new CsvFormat(separator, nulls, columns);
  }

  /** Texts that stand for null beside nothing at all, such as {@code NA}; not where quoted. */
  public CsvFormat nullWrittenAs(String... texts) {
    Set<String> all = new java.util.LinkedHashSet<>(nulls);
    all.addAll(List.of(texts));
    return new CsvFormat(separator, Set.copyOf(all), columns);
  }

  /**
   * Names the columns of a file whose first line is a row already.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if there is none
   */
  public CsvFormat withoutHeader(String... columns) {
    if (columns.length == 0) {
      throw refused("no column is named", "Name each column of the file, in order.");
    }
    return new CsvFormat(separator, nulls, List.of(columns));
  }

  char separator() {
    return separator;
  }

  boolean isNull(String cell) {
    return nulls.contains(cell);
  }

  /** Empty if the file's first line says them. */
  List<String> columns() {
    return columns;
  }

  private static InvalidRequestException refused(String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, "Cannot describe a CSV file: " + why + ". " + mend);
  }
}
