package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.CsvReading;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The profile of all rows of a source. Not thread-safe. */
public final class SourceProfile {
  private static final int MAX_SKIPPED = 20;

  private final HashMemory memory = new HashMemory();
  private final RecordProfile rows = new RecordProfile(memory);
  private final RowHashSample hashes = new RowHashSample();

  private final Map<String, TextFormat> formats = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Map<String, String> personal = new LinkedHashMap<>();
  private final List<String> skipped = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private FileFormat.Csv csv = FileFormat.csv();
  private CsvReading reading = new CsvReading(csv, 0, 0, false);
  private long skippedRows;
  private int names;

  /**
   * Sets how the file is read.
   *
   * @param stated what the caller states
   */
  void reading(FileFormat.Csv stated, CsvReading readAs) {
    csv = stated;
    reading = readAs;
  }

  /** Adds what is open, or decided, about the file. */
  void remark(String remark) {
    remarks.add(remark);
  }

  /** Returns what is open, or decided, about the file. */
  public List<String> remarks() {
    return remarks;
  }

  void format(String column, TextFormat format) {
    if (!format.isPlain()) {
      formats.put(column, format);
    }
  }

  void note(String column, String note) {
    if (!note.isEmpty()) {
      notes.put(column, note);
    }
  }

  void personal(String column, String why) {
    personal.put(column, why);
  }

  /** Counts a line that does not fit the columns. */
  void skip(String fault) {
    skippedRows++;
    if (skipped.size() < MAX_SKIPPED) {
      skipped.add(fault);
    }
  }

  /** Returns how the values of columns are written, where that is not the plain form. */
  public Map<String, TextFormat> formats() {
    return formats;
  }

  /** Returns what is open about columns. */
  public Map<String, String> notes() {
    return notes;
  }

  /** Returns why columns are about persons. */
  public Map<String, String> personal() {
    return personal;
  }

  /** Returns why lines were skipped, without values: of the first ones. */
  public List<String> skipped() {
    return skipped;
  }

  public long skippedRows() {
    return skippedRows;
  }

  /** Returns how the file is written; the names in a header show a usual separator. */
  public TextFileFormat fileFormat() {
    FileFormat.Csv format = reading.format();
    boolean header = format.hasHeader() || !format.columns().isEmpty();
    return new TextFileFormat(
        header && !csv.hasSeparator() ? null : (Character) format.separator(),
        format.charset().equals(StandardCharsets.UTF_8) ? null : format.charset(),
        csv.hasQuote() ? (Character) csv.quote() : null,
        csv.nullTexts().stream()
            .filter(text -> !text.isEmpty())
            .collect(Collectors.toUnmodifiableSet()),
        header);
  }

  /** Returns how the lines of the file are read. */
  public CsvReading reading() {
    return reading;
  }

  /** Returns the profile of the columns. */
  public RecordProfile rows() {
    return rows;
  }

  ValueProfile column(String name) {
    return rows.field(name);
  }

  /** Counts new names in objects; returns how many there are; a map has none. */
  int addNames(int added) {
    names += Math.max(0, added);
    return names;
  }

  void beginRow() {
    rows.begin();
  }

  void endRow() {
    hashes.add(rows);
  }

  public long count() {
    return rows.records();
  }

  RowHashSample hashes() {
    return hashes;
  }
}
