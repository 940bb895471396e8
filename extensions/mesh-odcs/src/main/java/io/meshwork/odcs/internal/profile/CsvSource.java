package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.CsvLayout;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.text.Count;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Profiles the rows of a CSV file, which is read twice: for the types and formats of its columns,
 * and for the rows that have them; twice more if these show that numbers have to be strings.
 */
public final class CsvSource {
  private static final String NAME_COLUMNS =
      "Name the columns in the first line, or with FileFormat.csv().columns(…).";
  private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,4}");
  private static final Pattern TOTAL =
      Pattern.compile(
          "(?i)(grand |sub)?totals?|totale|total general|sum|summe|gesamt(summe|ergebnis)?|somme|suma"
              + "|totaal|soma|razem");
  private static final int BUFFER = 1 << 16;

  /** A file that can be read several times. */
  public interface Content {
    /** Opens it at its start. */
    InputStream open() throws IOException;
  }

  private final Content content;
  private final String source;
  private final int thisYear;
  private final SourceProfile observed = new SourceProfile();

  /** Why columns are strings that an earlier reading found to be numbers, by their names. */
  private final Map<String, String> texts;

  /** The columns without a name, except columns that have values. */
  private final Set<String> nameless = new HashSet<>();

  private CsvReading reading;

  private CsvSource(
      Content content,
      FileFormat.Csv format,
      String source,
      int thisYear,
      Map<String, String> texts) {
    this.content = content;
    this.texts = texts;
    this.reading = new CsvReading(format, 0, 0, false);
    this.source = source;
    this.thisYear = thisYear;
  }

  /**
   * Reads a file.
   *
   * @param format what the caller states about the file
   * @param usual the separator if the file shows no other
   * @param thisYear the year in which it is read, which years of two digits hardly exceed
   */
  public static SourceProfile read(
      Content content, FileFormat.Csv format, char usual, String source, int thisYear)
      throws IOException {
    return new CsvSource(content, format, source, thisYear, Map.of()).read(format, usual);
  }

  private SourceProfile read(FileFormat.Csv format, char usual) throws IOException {
    CsvLayout layout;
    try (InputStream in = content.open()) {
      layout =
          new CsvLayout(in.readNBytes(CsvLayout.START_BYTES), format, TextFileFormat.PLAIN, usual);
    }
    reading = layout.alone();
    if (!format.hasCharset() && layout.isAscii() && !isUtf8()) {
      read(reading.format().charset(Charset.forName("windows-1252")));
    }
    List<List<String>> lines = layout.lines(reading.format().separator(), reading.linesBefore());
    if (reading.format().hasHeader() && !hasHeader(lines)) {
      // Without names, a publish skips no title: it reads the title as a bad row.
      reading =
          new CsvReading(reading.format(), layout.firstLine(), 0, reading.spacesAroundQuotes());
      read(reading.format().withoutHeader());
    }
    observed.reading(format, reading);
    List<String> names;
    List<ColumnFormat> formats;
    try (InputStream in = content.open()) {
      CsvRows csv = new CsvRows(in, reading, source);
      names = names(csv, lines);
      formats = formats(csv, names);
    }
    try (InputStream in = content.open()) {
      CsvRows csv = new CsvRows(in, reading, source);
      if (reading.format().hasHeader()) {
        csv.next();
      }
      profile(csv, names, formats);
    }
    Map<String, String> tooLong = new HashMap<>();
    observed.rows().fields().forEach((name, values) -> tooLong.put(name, values.excessDigits()));
    tooLong.values().removeIf(String::isEmpty);
    return tooLong.isEmpty()
        ? observed
        : new CsvSource(content, format, source, thisYear, tooLong).read(format, usual);
  }

  private void read(FileFormat.Csv format) {
    reading =
        new CsvReading(
            format,
            reading.linesBefore(),
            format.hasHeader() ? reading.extraCells() : 0,
            reading.spacesAroundQuotes());
  }

  private boolean isUtf8() throws IOException {
    char[] buffer = new char[BUFFER];
    try (InputStream in = content.open();
        InputStreamReader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())) {
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
   * values, or strings of other lines.
   */
  private boolean hasHeader(List<List<String>> lines) {
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
      ColumnEvidence below = new ColumnEvidence(thisYear);
      others.forEach(line -> below.add(line.get(column)));
      String cell = first.get(i).strip();
      ColumnEvidence alone = new ColumnEvidence(thisYear);
      alone.add(cell);
      if (below.isTyped() && alone.hasValues()) {
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
      boolean differs = repeated * 2 <= first.size();
      if (differs && others.size() > 1) {
        observed.remark(
            "the first line is read as names, because no column has numbers or dates that show"
                + " it. If the first line is a row, call withoutHeader(), or name the columns with"
                + " FileFormat.csv().columns(..).");
      }
      return differs;
    }
    if (values > 0 && isCount(first, others)) {
      observed.remark("the first line is read as names, because its numbers are consecutive");
      return true;
    }
    return names > 0 && names >= values + repeated;
  }

  /** True if the numbers of the first line count, such as months, and those of no other line do. */
  private static boolean isCount(List<String> first, List<List<String>> others) {
    return counts(first) && others.stream().noneMatch(CsvSource::counts);
  }

  /** True for at least two consecutive numbers after a word. */
  private static boolean counts(List<String> cells) {
    int numbers = 0;
    int next = 0;
    for (String cell : cells) {
      boolean number = COUNT.matcher(cell.strip()).matches();
      if (number && numbers > 0 && Integer.parseInt(cell.strip()) != next) {
        return false;
      }
      numbers += number ? 1 : 0;
      next = number ? Integer.parseInt(cell.strip()) + 1 : next;
    }
    return numbers > 1 && !COUNT.matcher(cells.get(0).strip()).matches();
  }

  /** True if a number is a year that names a column, whose values are others. */
  private static boolean isYear(String cell, List<List<String>> others, int column) {
    return YEAR.matcher(cell).matches()
        && others.stream().noneMatch(line -> YEAR.matcher(line.get(column).strip()).matches());
  }

  private List<String> names(CsvRows csv, List<List<String>> lines) {
    FileFormat.Csv format = reading.format();
    if (!format.columns().isEmpty()) {
      checkNames(format.columns());
      return format.columns();
    } else if (!format.hasHeader()) {
      return IntStream.rangeClosed(1, width(lines)).mapToObj(number -> "column_" + number).toList();
    }
    List<String> cells = csv.next().stream().map(cell -> cell.text().strip()).toList();
    if (cells.stream().allMatch(String::isEmpty)) {
      throw SourceErrors.malformed(
          source, cells.isEmpty() ? "it is empty" : "its first line is empty", NAME_COLUMNS);
    }
    List<String> names = reading.names(cells);
    for (int i = 0; i < names.size(); i++) {
      if (i >= cells.size() || cells.get(i).isEmpty()) {
        nameless.add(names.get(i));
      } else if (!names.get(i).equals(cells.get(i))) {
        observed.remark(
            "column "
                + (i + 1)
                + " is called '"
                + NameGrammar.quoted(names.get(i))
                + "', because another one is called '"
                + NameGrammar.quoted(cells.get(i))
                + "'");
      }
    }
    return names;
  }

  /** The number of cells that most of the first lines have. */
  private static int width(List<List<String>> lines) {
    return lines.stream()
        .collect(Collectors.groupingBy(List::size, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(1);
  }

  private static boolean isEmpty(List<CsvRows.Cell> cells, List<String> names) {
    return cells.size() == 1 && names.size() > 1 && cells.get(0).equals(CsvRows.Cell.EMPTY);
  }

  private boolean isNull(CsvRows.Cell cell) {
    return !cell.quoted() && reading.format().nullTexts().contains(cell.text());
  }

  private List<ColumnFormat> formats(CsvRows csv, List<String> names) {
    ColumnNames columns = new ColumnNames(source, "", names);
    Map<String, ColumnEvidence> evidence = new LinkedHashMap<>();
    for (String name : names) {
      evidence.put(name, new ColumnEvidence(columns.of(name), reading.format(), thisYear));
    }
    List<ColumnEvidence> all = List.copyOf(evidence.values());
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (cells.size() == names.size() && !isEmpty(cells, names)) {
        for (int i = 0; i < cells.size(); i++) {
          if (!isNull(cells.get(i))) {
            all.get(i).add(cells.get(i).text());
          }
        }
      }
    }
    FileEvidence file = FileEvidence.of(evidence, reading.format().separator());
    List<ColumnFormat> formats = new ArrayList<>();
    evidence.forEach(
        (name, values) -> {
          String digits = texts.get(name);
          ColumnFormat format =
              digits == null ? values.format(name, file) : values.text(true, digits);
          formats.add(format);
          if (isLeftOut(name, names.indexOf(name) + 1, values)) {
            return;
          }
          observed.format(name, format.format());
          observed.note(name, format.note());
          values.personal(name, format.isText()).ifPresent(why -> observed.personal(name, why));
        });
    return formats;
  }

  /** Leaves a column out that has neither a name nor values. */
  private boolean isLeftOut(String name, int position, ColumnEvidence values) {
    if (!nameless.contains(name)) {
      return false;
    }
    if (values.isBlank()) {
      observed.remark("column " + position + " has neither a name nor values: it is left out");
      return true;
    }
    observed.remark("column " + position + " has no name: it is called " + name);
    nameless.remove(name);
    return false;
  }

  private void profile(CsvRows csv, List<String> names, List<ColumnFormat> formats) {
    List<@Nullable ValueProfile> columns = new ArrayList<>();
    names.forEach(name -> columns.add(nameless.contains(name) ? null : observed.column(name)));
    String first = "";
    @Nullable TextValue[] row = new TextValue[names.size()];
    for (List<CsvRows.Cell> cells = csv.next(); !cells.isEmpty(); cells = csv.next()) {
      if (isEmpty(cells, names)) {
        continue;
      }
      first = cells.get(0).text().strip();
      String fault = fault(cells, names, formats, row);
      if (fault != null) {
        observed.skip("line " + csv.line() + " " + fault);
        continue;
      }
      observed.beginRow();
      for (int i = 0; i < row.length; i++) {
        TextValue value = row[i];
        ValueProfile column = columns.get(i);
        if (column != null && (value == null || ColumnFormat.isNull(value))) {
          column.addNull();
        } else if (column != null) {
          value.addTo(column);
        }
      }
      observed.endRow();
    }
    if (TOTAL.matcher(first.replaceFirst("[: ]+$", "")).matches()) {
      observed.remark("the last line starts with '" + first + "': a publish reads it as a row");
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
      List<ColumnFormat> formats,
      @Nullable TextValue[] row) {
    if (cells.size() != names.size()) {
      return "has "
          + Count.of(cells.size(), "cell")
          + ", but the file has "
          + Count.of(names.size(), "column");
    }
    for (int i = 0; i < row.length; i++) {
      CsvRows.Cell cell = cells.get(i);
      row[i] = isNull(cell) ? ColumnFormat.NULL : formats.get(i).parse(cell.text());
      if (row[i] == null) {
        return "has a value in '"
            + NameGrammar.quoted(names.get(i))
            + "' that is not "
            + formats.get(i).described();
      }
    }
    return null;
  }

  private void checkNames(List<String> names) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
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
