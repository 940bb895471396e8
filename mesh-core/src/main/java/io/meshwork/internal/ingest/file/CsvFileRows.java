package io.meshwork.internal.ingest.file;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.internal.rows.TextRow;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.PhysicalName;
import io.meshwork.internal.text.Count;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of a CSV file, whose header is matched with the contract's columns by name. */
public final class CsvFileRows extends FileRows {
  private static final String NO_NAMES =
      "No cell of the first line is a name of a column. If the first line is a row, call"
          + " withoutHeader(), or name the columns with FileFormat.csv().columns(..).";

  private final InputStream in;
  private final CsvReading reading;
  private final String readAs;
  private final CsvCells cells;
  private final TextRowParser parser;
  private final List<@Nullable String> columns;

  /** The positions of cells that have no name in the header, and so no values. */
  private final List<Integer> nameless = new ArrayList<>();

  /** Reads and checks the header. */
  public CsvFileRows(Path file, List<Path> all, FileFormat.Csv format, ColumnTarget target) {
    super(file, all, target.action());
    TextFiles texts = new TextFiles(format, target.declared());
    this.parser = texts.parser(true, action());
    this.reading = reading(file, format, texts);
    this.readAs = texts.described(reading);
    this.in = open(file);
    boolean complete = false;
    try {
      this.cells = cells();
      this.columns = columns(header(target), target);
      complete = true;
    } finally {
      if (!complete) {
        close();
      }
    }
  }

  private CsvReading reading(Path file, FileFormat.Csv format, TextFiles texts) {
    try (InputStream content = open(file)) {
      return texts.reading(format, file, content);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public String readAs() {
    return readAs;
  }

  private CsvCells cells() {
    try {
      return new CsvCells(this, in, reading);
    } catch (IOException e) {
      throw CsvCells.failed(this, reading.format(), 1, e);
    } catch (NoClassDefFoundError e) {
      throw Failure.of(action())
          .because(
              "reading CSV needs the library de.siegmar:fastcsv, which is not on the class path")
          .state("Nothing was published.")
          .fix("Add the library de.siegmar:fastcsv, version 4.4.0 or later.")
          .cause(e)
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private List<String> header(ColumnTarget target) {
    FileFormat.Csv format = reading.format();
    if (!format.columns().isEmpty()) {
      return format.columns();
    } else if (!format.hasHeader()) {
      return target.declared().getFields().stream()
          .map(Schema.Field::name)
          .filter(column -> !target.givenColumns().sets(column))
          .toList();
    }
    List<@Nullable String> first = cells.names();
    if (first == null) {
      throw malformed(
          "it is empty",
          "Name the columns in the first line, or with FileFormat.csv().columns(..).");
    }
    List<String> names = new ArrayList<>();
    for (String cell : first) {
      names.add(cell == null ? "" : cell);
    }
    return knownColumns(names, NamesInFiles.of(target.declared()));
  }

  /** The names of the cells, from {@link CsvReading#names} only if the contract has them. */
  private List<String> knownColumns(List<String> cells, NamesInFiles<Schema.Field> columns) {
    List<String> names = new ArrayList<>(reading.names(cells));
    for (int i = 0; i < names.size(); i++) {
      if (columns.findTrimmed(names.get(i)) == null) {
        names.set(i, i < cells.size() ? cells.get(i).strip() : "");
      }
    }
    return names;
  }

  /** Returns the column of each cell, null for a cell to skip. */
  private List<@Nullable String> columns(List<String> names, ColumnTarget target) {
    List<Finding> findings = new ArrayList<>();
    List<@Nullable String> columnNames = new ArrayList<>();
    Map<String, Integer> positions = new HashMap<>();
    NamesInFiles<Schema.Field> columns = NamesInFiles.of(target.declared());
    target.givenColumns().check(names, columns, action());
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String shown = NameGrammar.quoted(name.strip());
      Schema.Field column = columns.findTrimmed(name);
      if (name.isEmpty()) {
        columnNames.add(null);
        if (!target.ignoringUnknownColumns()) {
          nameless.add(i);
        }
        continue;
      }
      columnNames.add(column == null ? null : column.name());
      Integer earlier = column == null ? null : positions.putIfAbsent(column.name(), i);
      if (earlier != null) {
        findings.add(
            Finding.error(
                FindingCode.DUPLICATE_COLUMN,
                shown,
                "cells "
                    + (earlier + 1)
                    + " and "
                    + (i + 1)
                    + " of the header are both column "
                    + (column == null ? "" : PhysicalName.describe(column.name(), column)),
                "give each column a different name"));
      } else if (column == null && !target.ignoringUnknownColumns()) {
        findings.add(
            Finding.error(
                FindingCode.UNKNOWN_COLUMN,
                shown,
                "its column '"
                    + shown
                    + "', cell "
                    + (i + 1)
                    + " of the header, is not in the"
                    + " contract",
                "rename or remove it, call ignoreUnknownColumns(), or add it to the contract as an"
                    + " optional column"));
      }
    }
    for (Schema.Field field : target.declared().getFields()) {
      if (!positions.containsKey(field.name())
          && !target.givenColumns().sets(field.name())
          && !field.schema().isNullable()
          && !field.hasDefaultValue()) {
        findings.add(
            Finding.error(
                FindingCode.INPUT_COLUMN_MISSING,
                field.name(),
                "it has no column "
                    + PhysicalName.describe(field.name(), field)
                    + ", which the contract requires without a default",
                "add the column, or name the columns with FileFormat.csv().columns(..) if the first"
                    + " line is a row"));
      }
    }
    if (!findings.isEmpty()) {
      Finding first = findings.get(0);
      throw Failure.of(action())
          .because(
              first.what()
                  + (findings.size() == 1
                      ? ""
                      : " (and " + (findings.size() - 1) + " more, see findings())"))
          .state("Nothing was published.")
          .fix(
              positions.isEmpty() && reading.format().hasHeader()
                  ? NO_NAMES
                  : "To fix it: " + first.fix() + ".")
          .findings(findings)
          .contractViolation(ErrorCode.SCHEMA_MISMATCH);
    }
    return columnNames;
  }

  @Override
  public @Nullable Object next() {
    List<@Nullable String> line = cells.next();
    while (line != null && cells.isEmpty() && columns.size() > 1) {
      line = cells.next();
    }
    if (line == null) {
      return null;
    }
    if (cells.count() != columns.size()) {
      return TextRow.malformed(
          "the line has "
              + Count.of(cells.count(), "cell")
              + ", but there "
              + (columns.size() == 1 ? "is " : "are ")
              + Count.of(columns.size(), "column"));
    }
    for (int cell : nameless) {
      String text = line.get(cell);
      if (text != null && !text.isBlank()) {
        return TextRow.malformed("cell " + (cell + 1) + " has a value, but no name in the header");
      }
    }
    return parser.cells(columns, line);
  }

  @Override
  public long position() {
    return cells.line();
  }

  @Override
  public void close() {
    close(in);
  }
}
