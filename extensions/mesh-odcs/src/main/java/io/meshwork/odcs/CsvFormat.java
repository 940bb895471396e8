package io.meshwork.odcs;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.List;
import java.util.Set;

/**
 * The format of a CSV file, as in RFC 4180: UTF-8, one row per line, cells in double quotes where
 * needed, and quotes inside a quoted cell doubled. Immutable; each method returns a new value.
 *
 * <p>An empty cell is null; a cell of two quotes is an empty text.
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

  /** Comma as separator, and column names in the first line. */
  public static CsvFormat standard() {
    return STANDARD;
  }

  /**
   * Sets the separator, such as a semicolon or a tab.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT for a quote, a letter, a digit or a line's end
   */
  public CsvFormat separatedBy(char separator) {
    if (separator == '"'
        || separator == '\n'
        || separator == '\r'
        || Character.isLetterOrDigit(separator)) {
      throw invalid(
          "a quote, a letter, a digit, or a line break cannot separate cells",
          "Use a comma, a semicolon, a tab, or a vertical bar.");
    }
    return new CsvFormat(separator, nulls, columns);
  }

  /** Adds texts that mean null, such as {@code NA}, unless they are quoted. */
  public CsvFormat nullWrittenAs(String... texts) {
    Set<String> all = new java.util.LinkedHashSet<>(nulls);
    all.addAll(List.of(texts));
    return new CsvFormat(separator, Set.copyOf(all), columns);
  }

  /**
   * Names the columns of a file whose first line is a row.
   *
   * @param columns the names, in the order of the file
   * @throws InvalidRequestException INVALID_ARGUMENT if {@code columns} is empty
   */
  public CsvFormat withoutHeader(String... columns) {
    if (columns.length == 0) {
      throw invalid(
          "it has no column names", "Pass the name of each column of the file, in order.");
    }
    return new CsvFormat(separator, nulls, List.of(columns));
  }

  char separator() {
    return separator;
  }

  boolean isNull(String cell) {
    return nulls.contains(cell);
  }

  /** The column names; empty if the first line of the file contains them. */
  List<String> columns() {
    return columns;
  }

  private static InvalidRequestException invalid(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.DESCRIBE, "a CSV file"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
