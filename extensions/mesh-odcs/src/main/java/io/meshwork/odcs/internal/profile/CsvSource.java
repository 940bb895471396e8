package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.CsvLayout;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.schema.TextFileForm;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Profiles the rows of a CSV file, which is read twice: for the types and forms of its columns, and
 * for the rows that have them.
 */
public final class CsvSource {
  private static final String NAME_COLUMNS =
      "Name the columns in the first line, or with FileFormat.columns(…).";
  private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}");
  private static final int BUFFER = 1 << 16;

  /** A file that can be read several times. */
  public interface Content {
    /** Opens it at its start. */
    InputStream open() throws IOException;
  }

  private final Content content;
  private final String source;
  private FileFormat format;

  private CsvSource(Content content, FileFormat format, String source) {
    this.content = content;
    this.format = format;
    this.source = source;
  }

  /**
   * Reads a file.
   *
   * @param given what the caller states about the file
   * @param usual the separator if the file shows no other
   */
  public static SourceProfile read(Content content, FileFormat given, char usual, String source)
      throws IOException {
    return new CsvSource(content, given, source).read(usual);
  }

  private SourceProfile read(char usual) throws IOException {
    CsvLayout layout;
    try (InputStream in = content.open()) {
      layout =
          new CsvLayout(in.readNBytes(CsvLayout.START_BYTES), format, TextFileForm.PLAIN, usual);
    }
    boolean charsetKnown = format.hasCharset();
    format = layout.alone();
    if (!charsetKnown && layout.isAscii() && !isUtf8()) {
      format = format.charset(Charset.forName("windows-1252"));
    }
    if (format.hasHeader() && !hasHeader(layout.lines(format.separator()))) {
      format = format.withoutHeader();
    }
    SourceProfile observed = new SourceProfile();
    observed.format(format);
    List<String> names;
    List<ColumnForm> forms;
    try (InputStream in = content.open()) {
      CsvRows csv = new CsvRows(in, format, source);
      names = names(csv, layout);
      forms = forms(csv, names, observed);
    }
    try (InputStream in = content.open()) {
      CsvRows csv = new CsvRows(in, format, source);
      if (format.hasHeader()) {
        csv.next();
      }
      profile(csv, names, forms, observed);
    }
    return observed;
  }

  private boolean isUtf8() throws IOException {
    char[] buffer = new char[BUFFER];
    try (InputStream in = content.open();
        InputStreamReader text =
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT))) {
      while (text.read(buffer) >= 0) {
        // Only the errors count.
      }
      return true;
    } catch (java.nio.charset.CharacterCodingException e) {
      return false;
    }
  }

  /**
   * True unless the first line is like the others: cells of columns with numbers or dates are such
   * values, or texts of other lines.
   */
  private static boolean hasHeader(List<List<String>> lines) {
    if (lines.isEmpty()) {
      return true;
    }
    List<String> first = lines.get(0);
    List<List<String>> others =
        lines.subList(1, lines.size()).stream()
            .filter(line -> line.size() == first.size())
            .toList();
    int names = 0;
    int values = 0;
    int repeated = 0;
    for (int i = 0; i < first.size(); i++) {
      int column = i;
      FormSearch search = new FormSearch();
      others.forEach(line -> search.add(line.get(column)));
      String cell = first.get(i).strip();
      FormSearch alone = new FormSearch();
      alone.add(cell);
      if (search.isTyped() && alone.hasValues()) {
        boolean value = alone.isTyped() && !isYear(cell, others, column);
        values += value ? 1 : 0;
        names += value ? 0 : 1;
      } else if (others.isEmpty()) {
        values += alone.isTyped() ? 1 : 0;
        names += alone.isTyped() || cell.isEmpty() ? 0 : 1;
      } else {
        boolean again = others.stream().anyMatch(line -> line.get(column).strip().equals(cell));
        repeated += again && !cell.isEmpty() ? 1 : 0;
      }
    }
    if (names == 0 && values == 0) {
      return repeated * 2 <= first.size();
    }
    return names > 0 && names >= values + repeated;
  }

  /** True if a number is a year that names a column, whose values are others. */
  private static boolean isYear(String cell, List<List<String>> others, int column) {
    return YEAR.matcher(cell).matches()
        && others.stream().noneMatch(line -> YEAR.matcher(line.get(column).strip()).matches());
  }

  private List<String> names(CsvRows csv, CsvLayout layout) {
    List<String> names = format.columns();
    if (names.isEmpty() && !format.hasHeader()) {
      names =
          IntStream.rangeClosed(1, width(layout)).mapToObj(number -> "column_" + number).toList();
    } else if (names.isEmpty()) {
      names = csv.next().stream().map(cell -> cell.text().strip()).toList();
      if (names.isEmpty() || (names.size() == 1 && names.get(0).isEmpty())) {
        throw SourceErrors.malformed(
            source, names.isEmpty() ? "it is empty" : "its first line is empty", NAME_COLUMNS);
      }
    }
    checkNames(names);
    return names;
  }

  /** The number of cells that most of the first lines have. */
  private int width(CsvLayout layout) {
    return layout.lines(format.separator()).stream()
        .collect(Collectors.groupingBy(List::size, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(1);
  }

  private static boolean isEmpty(List<CsvRows.Cell> cells, List<String> names) {
    return cells.size() == 1 && names.size() > 1 && cells.get(0).text().isEmpty();
  }

  private boolean isNull(CsvRows.Cell cell) {
    return !cell.quoted() && format.nullTexts().contains(cell.text());
  }

  private List<ColumnForm> forms(CsvRows csv, List<String> names, SourceProfile observed) {
    ColumnNames columns = new ColumnNames(source, "", names);
    List<FormSearch> searches =
        names.stream().map(name -> new FormSearch(columns.of(name), format)).toList();
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (cells.size() == names.size() && !isEmpty(cells, names)) {
        for (int i = 0; i < cells.size(); i++) {
          if (!isNull(cells.get(i))) {
            searches.get(i).add(cells.get(i).text());
          }
        }
      }
    }
    NumberSearch.Point point =
        only(
            searches.stream().map(FormSearch::point).collect(Collectors.toSet()),
            NumberSearch.Point.UNKNOWN);
    if (point == NumberSearch.Point.UNKNOWN && format.separator() == ';') {
      point = NumberSearch.Point.OPEN;
    }
    DateSearch.DayFirst dayFirst =
        only(
            searches.stream().map(FormSearch::dayFirst).collect(Collectors.toSet()),
            DateSearch.DayFirst.OPEN);
    List<ColumnForm> forms = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      ColumnForm form = searches.get(i).form(name, point, dayFirst);
      forms.add(form);
      observed.form(name, form.form());
      observed.note(name, form.note());
      searches
          .get(i)
          .personal()
          .evidence(name, form.isText())
          .ifPresent(why -> observed.personal(name, why));
    }
    return forms;
  }

  /** The only known value; unknown if there are several, or none. */
  private static <T> T only(Set<T> found, T unknown) {
    Set<T> known = new HashSet<>(found);
    known.remove(unknown);
    return known.size() == 1 ? known.iterator().next() : unknown;
  }

  private void profile(
      CsvRows csv, List<String> names, List<ColumnForm> forms, SourceProfile observed) {
    List<ValueProfile> columns = names.stream().map(observed::column).toList();
    @Nullable TextValue[] row = new TextValue[names.size()];
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (isEmpty(cells, names)) {
        continue;
      }
      String fault = fault(cells, names, forms, row);
      if (fault != null) {
        observed.skip("line " + csv.line() + " " + fault);
        continue;
      }
      observed.beginRow();
      for (int i = 0; i < row.length; i++) {
        TextValue value = row[i];
        if (value == null || ColumnForm.isNull(value)) {
          columns.get(i).addNull();
        } else {
          value.addTo(columns.get(i));
        }
      }
      observed.endRow();
    }
    if (observed.count() == 0) {
      throw SourceErrors.malformed(
          source,
          observed.skippedRows() == 0
              ? "it has column names, but no rows"
              : "none of its lines is a row: " + observed.skipped().get(0),
          observed.skippedRows() == 0
              ? "Use a file with rows."
              : "Check the separator of the cells, and quote cells that contain it.");
    }
  }

  /** Parses the cells; returns why the line does not fit, or null. */
  private @Nullable String fault(
      List<CsvRows.Cell> cells,
      List<String> names,
      List<ColumnForm> forms,
      @Nullable TextValue[] row) {
    if (cells.size() != names.size()) {
      return "has " + cells.size() + " cells, but there are " + names.size() + " columns";
    }
    for (int i = 0; i < row.length; i++) {
      CsvRows.Cell cell = cells.get(i);
      row[i] = isNull(cell) ? ColumnForm.NULL : forms.get(i).parse(cell.text());
      if (row[i] == null) {
        return "has a value in '"
            + NameGrammar.quoted(names.get(i))
            + "' that is not "
            + forms.get(i).described();
      }
    }
    return null;
  }

  private void checkNames(List<String> names) {
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
