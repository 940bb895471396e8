package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.publish.Publish.FileFormat;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Profiles the rows of a CSV file. */
public final class CsvSource {
  private static final String NAME_COLUMNS =
      "Name the columns in the first line, or with FileFormat.columns(…).";

  private CsvSource() {}

  public static SourceProfile read(InputStream in, FileFormat format, String source) {
    CsvRows csv = new CsvRows(in, format, source);
    SourceProfile observed = new SourceProfile();
    List<String> names = names(csv, format, source);
    List<ValueProfile> columns = names.stream().map(observed::column).toList();
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (cells.size() == 1 && names.size() > 1 && cells.get(0).text().isEmpty()) {
        continue;
      }
      if (cells.size() != names.size()) {
        throw SourceErrors.malformed(
            source,
            "line "
                + csv.line()
                + " has "
                + cells.size()
                + " cells, but there are "
                + names.size()
                + " columns",
            "Check the separator of the cells, and quote cells that contain it.");
      }
      observed.beginRow();
      for (int i = 0; i < cells.size(); i++) {
        CsvRows.Cell cell = cells.get(i);
        if (!cell.quoted() && format.nullTexts().contains(cell.text())) {
          columns.get(i).addNull();
        } else {
          TextValueParser.addCell(columns.get(i), cell.text());
        }
      }
      observed.endRow();
    }
    if (observed.count() == 0) {
      throw SourceErrors.malformed(
          source, "it has column names, but no rows", "Use a file with rows.");
    }
    return observed;
  }

  private static List<String> names(CsvRows csv, FileFormat format, String source) {
    List<String> names = format.columns();
    if (names.isEmpty()) {
      names = csv.next().stream().map(cell -> cell.text().strip()).toList();
      if (names.isEmpty() || (names.size() == 1 && names.get(0).isEmpty())) {
        throw SourceErrors.malformed(
            source, names.isEmpty() ? "it is empty" : "its first line is empty", NAME_COLUMNS);
      }
      List<String> header = names;
      List<Integer> values =
          IntStream.range(0, header.size())
              .filter(i -> TextValueParser.isValue(header.get(i)))
              .mapToObj(i -> i + 1)
              .toList();
      if (!values.isEmpty()) {
        throw SourceErrors.malformed(
            source,
            "it has no header: the cells " + values + " of its first line are values, not names",
            NAME_COLUMNS);
      }
    }
    checkNames(names, source);
    return names;
  }

  private static void checkNames(List<String> names, String source) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isBlank()) {
        throw SourceErrors.malformed(
            source,
            PhysicalName.nameless("", i + 1),
            "Name the column in the first line, or remove it. If the first line is a row, name the"
                + " columns with FileFormat.columns(…).");
      }
      Integer earlier = positions.putIfAbsent(names.get(i), i);
      if (earlier != null) {
        throw SourceErrors.malformed(
            source,
            "columns "
                + (earlier + 1)
                + " and "
                + (i + 1)
                + " have the same name, '"
                + NameGrammar.quoted(names.get(i))
                + "'",
            "Give each column a different name.");
      }
    }
  }
}
