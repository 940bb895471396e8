package io.meshwork.odcs;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The rows of a CSV file. */
final class CsvSource {
  private static final String NAMES = "Name the columns in the first line, or by withoutHeader(…).";

  private CsvSource() {}

  static SourceProfile read(InputStream in, CsvFormat format, String source) {
    CsvRows csv = new CsvRows(in, format.separator(), source);
    SourceProfile observed = new SourceProfile();
    List<String> names = names(csv, format, source);
    List<ValueProfile> columns = names.stream().map(observed::column).toList();
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (cells.size() == 1 && names.size() > 1 && cells.get(0).text().isEmpty()) {
        continue;
      }
      if (cells.size() != names.size()) {
        throw BadSource.malformed(
            source,
            "line "
                + csv.line()
                + " has "
                + cells.size()
                + " cells and there are "
                + names.size()
                + " columns",
            "Check what separates the cells, and put a cell in quotes that has that inside.");
      }
      observed.beginRow();
      for (int i = 0; i < cells.size(); i++) {
        CsvRows.Cell cell = cells.get(i);
        if (!cell.quoted() && format.isNull(cell.text())) {
          columns.get(i).addNull();
        } else {
          TextValues.addCell(columns.get(i), cell.text());
        }
      }
      observed.endRow();
    }
    if (observed.count() == 0) {
      throw BadSource.malformed(
          source, "it has the names of columns and no row", "Give a file with some rows.");
    }
    return observed;
  }

  private static List<String> names(CsvRows csv, CsvFormat format, String source) {
    List<String> names = format.columns();
    if (names.isEmpty()) {
      names = csv.next().stream().map(cell -> cell.text().strip()).toList();
      if (names.isEmpty() || (names.size() == 1 && names.get(0).isEmpty())) {
        throw BadSource.malformed(
            source, names.isEmpty() ? "it is empty" : "its first line is empty", NAMES);
      }
      List<String> header = names;
      List<Integer> values =
          IntStream.range(0, header.size())
              .filter(i -> TextValues.isValue(header.get(i)))
              .mapToObj(i -> i + 1)
              .toList();
      if (!values.isEmpty()) {
        throw BadSource.malformed(
            source,
            "it has no header: in its first line the cells " + values + " are values and no names",
            NAMES);
      }
    }
    checkNames(names, source);
    return names;
  }

  private static void checkNames(List<String> names, String source) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank()) {
        throw BadSource.malformed(
            source,
            "column " + (i + 1) + " has no name: its cell in the first line is empty",
            "Give it a name there, or take the column out. If the first line is a row, name the"
                + " columns by withoutHeader(…).");
      }
      Integer earlier = places.putIfAbsent(names.get(i), i);
      if (earlier != null) {
        throw BadSource.malformed(
            source,
            "columns "
                + (earlier + 1)
                + " and "
                + (i + 1)
                + " have the same name, '"
                + io.meshwork.internal.naming.NameGrammar.quoted(names.get(i))
                + "'",
            "Give each column a name of its own.");
      }
    }
  }
}
