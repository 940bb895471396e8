package io.meshwork.internal.ingest;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.ingest.file.AvroFileRows;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.ingest.file.CsvFileRows;
import io.meshwork.internal.ingest.file.FileRows;
import io.meshwork.internal.ingest.file.GivenColumns;
import io.meshwork.internal.ingest.file.JsonArrayRows;
import io.meshwork.internal.ingest.file.JsonLineRows;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TextRow;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of CSV files, of files with JSON lines, and of Avro files. All of them are opened first, so
 * that a file with other columns is rejected before rows are read.
 */
final class RecordFilesInput extends CopiedInput {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);

  private static final int MAX_MEMBERS = 100;

  private final List<Path> all;
  private final FileFormat format;
  private final Iterator<Path> files;
  private final OptionalLong total;
  private final Map<String, String> readAs = new LinkedHashMap<>();
  private final String[] names = new String[VectorBatch.ROWS];
  private final long[] positions = new long[VectorBatch.ROWS];
  private @Nullable FileRows file;
  private @Nullable RecordShredder shredder;
  private long rowsOfFile;

  /** The columns to rename that no line of the file had yet; only of JSON. */
  private final Set<String> unseen = new HashSet<>();

  /** Names of such lines, for the message. */
  private final Set<String> members = new TreeSet<>();

  /**
   * Opens all files.
   *
   * @throws io.meshwork.error.ContractViolationException if their columns do not match
   * @throws io.meshwork.error.InvalidRequestException if one cannot be read
   */
  RecordFilesInput(List<Path> files, FileFormat format, ColumnTarget target) {
    super(target);
    this.all = List.copyOf(files);
    this.format = format;
    long rows = 0;
    for (Path each : all) {
      try (FileRows opened = opened(each)) {
        rows += opened instanceof AvroFileRows avro ? avro.total() : 0;
        if (!opened.readAs().isEmpty()) {
          readAs.put(opened.name(), opened.readAs());
          LOG.info("File {} is read as {}.", opened.name(), opened.readAs());
        }
      }
    }
    this.total = format.equals(FileFormat.avro()) ? OptionalLong.of(rows) : OptionalLong.empty();
    this.files = all.iterator();
  }

  private FileRows opened(Path each) {
    if (format instanceof FileFormat.Csv csv) {
      return new CsvFileRows(each, all, csv, target());
    }
    if (!(format instanceof FileFormat.Text<?> json)) {
      return new AvroFileRows(each, all, target());
    }
    JsonLineRows lines = new JsonLineRows(each, all, json, target());
    try (InputStream content = lines.open(each)) {
      if (!JsonArrayRows.isArray(content)) {
        return lines;
      }
    } catch (IOException e) {
      throw lines.failed(e);
    }
    lines.close();
    return new JsonArrayRows(each, all, json, target());
  }

  @Override
  boolean copyRow(VectorBatch batch, TypeViolations violations) {
    while (true) {
      if (file == null || shredder == null) {
        if (!files.hasNext()) {
          return false;
        }
        file = opened(files.next());
        shredder =
            RecordShredders.forRecords(target().declared(), target().schema(), file.action());
        rowsOfFile = 0;
        if (file instanceof JsonLineRows || file instanceof JsonArrayRows) {
          unseen.addAll(target().givenColumns().inFiles().keySet());
        }
      }
      Object record = file.next();
      if (record != null) {
        rowsOfFile++;
        if (!unseen.isEmpty() && record instanceof TextRow line && line.malformed() == null) {
          unseen.removeAll(line.keySet());
          line.keySet().stream().limit(MAX_MEMBERS - members.size()).forEach(members::add);
        }
        copy(target().givenColumns().completed(record, file), file, shredder, batch, violations);
        return true;
      }
      checkSeen(file);
      LOG.debug("Read {} rows of file {}.", rowsOfFile, file.name());
      close();
    }
  }

  private void checkSeen(FileRows read) {
    for (String column : unseen) {
      if (!members.isEmpty()) {
        String old = String.valueOf(target().givenColumns().inFiles().get(column));
        throw GivenColumns.missing(old, List.copyOf(members), read.action());
      }
    }
  }

  private void copy(
      Object record,
      FileRows from,
      RecordShredder copying,
      VectorBatch batch,
      TypeViolations violations) {
    int row = batch.rows();
    names[row] = from.name();
    positions[row] = from.position();
    copying.shred(record, batch, violations);
    TextRow text = record instanceof TextRow line ? line : null;
    String malformed = text == null ? null : text.malformed();
    if (malformed != null) {
      violations.set(
          row, new Violation("", FindingCode.LINE_MALFORMED, malformed + ", in " + place(row)));
      keepInvalid(
          row, JsonRow.of(new TreeMap<>(Map.of("file", from.name(), "line", from.position()))));
    } else if (violations.rows().get(row)) {
      violations.replaceAll(row, violation -> explained(violation, text, place(row)));
      keepInvalid(row, JsonRow.of(record));
    }
  }

  private static Violation explained(Violation violation, @Nullable TextRow text, String place) {
    Violation clear = text == null ? violation : text.explained(violation);
    return new Violation(clear.column(), clear.code(), clear.reason() + ", in " + place);
  }

  @Override
  public String place(int row) {
    String unit = format.equals(FileFormat.avro()) ? "record " : "line ";
    return names[row] + ", " + unit + positions[row];
  }

  @Override
  public Map<String, String> readAs() {
    return Collections.unmodifiableMap(readAs);
  }

  @Override
  public OptionalLong total() {
    return total;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
      shredder = null;
      unseen.clear();
      members.clear();
    }
  }
}
