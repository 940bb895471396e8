package io.meshwork.internal.rows;

import io.meshwork.internal.schema.TextFormat;
import io.meshwork.publish.Publish.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a CSV file is read. Immutable.
 *
 * @param format the format with all options
 * @param linesBefore the lines before the names, or before the rows, such as a title
 * @param extraCells how many empty cells the lines have beyond the header's, where each ends with a
 *     separator: 1, 0, or -1
 * @param spacesAroundQuotes true if spaces before and after the quotes of a cell are not part of it
 */
public record CsvReading(
    FileFormat.Csv format, int linesBefore, int extraCells, boolean spacesAroundQuotes) {
  /** The most columns that a description lists. */
  private static final int MAX_COLUMNS = 3;

  /** Skips the lines before the names. */
  public void skip(BufferedReader text) throws IOException {
    for (int line = 0; line < linesBefore; line++) {
      text.readLine();
    }
  }

  /**
   * Returns the names of the columns: without spaces around them, with a number if one was before,
   * and {@code column_3} for the third cell if it is empty.
   *
   * @param header the cells of the header
   */
  public List<String> names(List<String> header) {
    List<String> cells = new ArrayList<>(header);
    if (extraCells > 0) {
      cells.add("");
    } else if (extraCells < 0) {
      cells.remove(cells.size() - 1);
    }
    for (int i = 0; i < cells.size(); i++) {
      cells.set(i, cells.get(i).isBlank() ? nameless(i) : cells.get(i).strip());
    }
    Set<String> used = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (String cell : cells) {
      String name = cell;
      for (int number = 2; !used.add(name); number++) {
        String numbered = cell + "_" + number;
        name = cells.contains(numbered) ? name : numbered;
      }
      names.add(name);
    }
    return names;
  }

  /** The name of a column whose cell in the header is empty. */
  static String nameless(int cell) {
    return "column_" + (cell + 1);
  }

  /**
   * Returns how a file is read, where that is not the plain form; empty if all is plain.
   *
   * @param columns how the values of each column are written
   */
  public String described(Map<String, TextFormat> columns) {
    List<String> parts = new ArrayList<>();
    if (format.separator() != ',') {
      parts.add(format.separator() == '\t' ? "tabs" : "'" + format.separator() + "'");
    }
    if (!format.charset().equals(StandardCharsets.UTF_8)) {
      parts.add(format.charset().name());
    }
    if (format.quote() != '"') {
      parts.add("quote " + format.quote());
    }
    if (spacesAroundQuotes) {
      parts.add("spaces around quotes");
    }
    if (linesBefore > 0) {
      parts.add(
          linesBefore == 1
              ? "1 line skipped at the start"
              : linesBefore + " lines skipped at the start");
    }
    if (!format.hasHeader()) {
      parts.add("no header");
    }
    format.nullTexts().stream()
        .filter(text -> !text.isEmpty())
        .forEach(text -> parts.add("'" + text + "' is null"));
    parts.addAll(values(columns));
    return String.join(", ", parts);
  }

  /**
   * Returns how the values of a file of text are written, where that is not the plain form.
   *
   * @param columns how the values of each column are written
   */
  public static List<String> values(Map<String, TextFormat> columns) {
    List<String> parts = new ArrayList<>();
    Map<String, List<String>> written = new TreeMap<>();
    Map<String, List<String>> nulls = new TreeMap<>();
    columns.forEach(
        (column, format) -> {
          String text = format.format();
          if (text != null) {
            written
                .computeIfAbsent(
                    text.endsWith(",56") ? "decimal comma" : text, each -> new ArrayList<>())
                .add(column);
          }
          format.nulls().stream()
              .filter(each -> !each.isEmpty())
              .forEach(each -> nulls.computeIfAbsent(each, any -> new ArrayList<>()).add(column));
        });
    written.forEach((text, in) -> parts.add(text + in(in)));
    nulls.forEach((text, in) -> parts.add("'" + text + "' is null" + in(in)));
    return parts;
  }

  private static String in(List<String> columns) {
    return columns.size() > MAX_COLUMNS
        ? " in " + columns.size() + " columns"
        : " in " + String.join(" and ", columns);
  }
}
